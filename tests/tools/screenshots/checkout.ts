// The checkout's badge in every state, in a page that is light and one that is dark: with the real server, since the badge
// says only what a ledger has.
import type { Page } from 'puppeteer-core';
import { badgeSays } from '../../checkout/badge.ts';
import { change, type Rig, startRig } from '../../checkout/rig.ts';
import { call, deliver, fund, paid } from '../harness/api.ts';
import type { Camera } from './camera.ts';

const SHORT = {
  total: '102.500 USDC',
  cost: '100.244 USDC',
  covered: '94.300 USDC',
  remaining: '8.200 USDC',
};
const DEBT = { covered: '0.000 USDC', remaining: '81.900 USDC' };
const CLAIM = { credits_purchase: 'success', amount: '94.30', currency: 'usdc' };

const SURFACE = 'checkout';
type Take = (page: Page, state: string, theme: string) => Promise<void>;

/** Waits until the badge says something like it, and takes it in both themes. */
async function both(page: Page, state: string, says: RegExp, take: Take): Promise<void> {
  await badgeSays(page, says);
  for (const theme of ['light', 'dark']) {
    await change(page, { theme });
    // The page is read again, and the badge follows.
    await new Promise((resolve) => setTimeout(resolve, 600));
    await take(page, state, theme);
  }
}

async function buy(rig: Rig): Promise<string> {
  const purchase = { amount: '94.30', method: 'card' };
  const { body } = await call(rig.server.url, '/credits/purchases', rig.account.api_key, purchase);
  const hook = paid(String(body['id']), String(body['total']));
  await deliver(rig.server.url, { secret: rig.server.webhookSecret, body: hook });
  return String(body['id']);
}

async function hold(rig: Rig, id: string, amount: string): Promise<void> {
  const service = await rig.server.createIdentity('service', '--service', 'vm');
  const body = { account_id: rig.account.account_id, id, amount, service: 'vm' };
  await call(rig.server.url, '/service/holds', service, body);
}

/** Every state of an account's life at a checkout, in the order in which they can come: all of them, or none. */
export async function takeCheckout(camera: Camera, language: string, built: string): Promise<void> {
  if (!camera.wants(SURFACE, '')) return;
  const take: Take = (page, state, theme) => camera.shoot(page, SURFACE, state, theme, language);
  const rig = await startRig({ language, built });
  try {
    const page = await rig.open('classic', { ...DEBT, credits: '0', option: 'USDC' });
    await both(page, 'none', /\$/, take);
    await page.close();
    const home = await rig.open('none', CLAIM);
    await both(home, 'payment waiting', /./, take);
    const purchase = await buy(rig);
    await both(home, 'payment confirmed', /confirmed|bestätigt/, take);
    await home.close();

    const checkout = await rig.open('classic');
    await both(checkout, 'enough', /12[.,]40/, take);
    await change(checkout, SHORT);
    await both(checkout, 'short', /8[.,]20/, take);
    await change(checkout, { total: '94.301 USDC' });
    await both(checkout, 'short by a cent', /0[.,]01/, take);
    await change(checkout, { ...SHORT, width: 'wide' });
    await both(checkout, 'pill', /8[.,]20/, take);
    await change(checkout, { width: '' });
    await hold(rig, 'h1', '12.10');
    await both(checkout, 'short with a hold', /20[.,]30/, take);
    await rig.server.kill();
    await badgeSays(checkout, /Offline/, 30_000);
    await both(checkout, 'offline', /Offline/, take);
    await rig.server.start();
    await checkout.close();

    for (const layout of ['wizard', 'older', 'awkward']) {
      const other = await rig.open(
        layout,
        layout === 'older' ? { total: '100 IO COIN' } : { total: '50 USDC' },
      );
      await both(other, `layout ${layout}`, /./, take);
      await other.close();
    }
    const last = await rig.open('classic');
    await fund(rig.server, rig.account.api_key, '20');
    const finance = await rig.server.createIdentity('finance');
    await call(rig.server.url, `/finance/purchases/${purchase}/dispute`, finance, {});
    await both(last, 'suspended', /suspended|gesperrt/, take);
    await last.close();
  } finally {
    await rig.dispose();
  }
}
