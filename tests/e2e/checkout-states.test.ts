// The badge in the states that need an account of their own, a server that disagrees, or a browser in German.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterEach, expect, test } from 'vitest';
import { badgeSays, readAnnounced, readBadge } from '../checkout/badge.ts';
import { change, type Rig, startRig } from '../checkout/rig.ts';
import { call, deliver, fund, paid } from '../tools/harness/api.ts';
import { until } from '../tools/harness/until.ts';

const PICTURES = 'artifacts/screenshots/checkout';

let rig: Rig | undefined;

afterEach(async () => {
  await rig?.dispose();
  rig = undefined;
});

async function start(language?: string): Promise<Rig> {
  mkdirSync(PICTURES, { recursive: true });
  rig = await startRig(language === undefined ? {} : { language });
  return rig;
}

/** In the page's light and dark. */
async function pictures(page: Page, name: string): Promise<void> {
  for (const theme of ['dark', 'light']) {
    await change(page, { theme });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await page.screenshot({ path: join(PICTURES, `${name}-${theme}.png`) });
  }
}

/** What `GET /credits/check` answers from now on, as the worker hears it. */
async function serverSays(at: Rig, told: object): Promise<void> {
  const worker = await at.installed.worker();
  await worker.evaluate((body) => {
    const real = globalThis.fetch;
    globalThis.fetch = async (...request) =>
      new Request(...request).url.includes('/credits/check')
        ? new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
        : real(...request);
  }, told);
}

test('the server disagrees in the background: the badge says so, with its figures', async () => {
  const at = await start();
  await fund(at.server, at.account.api_key, '94.30');
  await serverSays(at, { sufficient: false, shortfall: '1.9', seq: 99 });
  const page = await at.open('classic');
  await badgeSays(
    page,
    /^\$1\.90 short \$80\.00 available By card, 3% fee \$1\.96 In USDC, no fee \$1\.90 Top up \$1\.90 Corrected: the server counts otherwise/,
  );
  await pictures(page, 'corrected-short');
  await serverSays(at, { sufficient: true, shortfall: '0', seq: 99 });
  await change(page, { total: '100.00 USDC' });
  await badgeSays(page, /^Enough credits The server counts more than this device IO Glance/);
  await pictures(page, 'corrected-enough');
  expect(at.complaints).toEqual([]);
});

test('a suspended account is told so at once, and not sold anything it could not use', async () => {
  const at = await start();
  const finance = await at.server.createIdentity('finance');
  const purchase = { amount: '94.30', method: 'card' };
  const { body } = await call(at.server.url, '/credits/purchases', at.account.api_key, purchase);
  const hook = paid(String(body['id']), String(body['total']));
  await deliver(at.server.url, { secret: at.server.webhookSecret, body: hook });
  const page = await at.open('classic');
  await badgeSays(page, /^Enough credits/);
  const disputed = await call(at.server.url, `/finance/purchases/${String(body['id'])}/dispute`, finance, {});
  expect(disputed.status).toBeLessThan(300);
  await badgeSays(
    page,
    /^Account suspended Nothing can be deployed until IO Finance lifts it: contact support/,
  );
  await pictures(page, 'suspended');
  expect(at.complaints).toEqual([]);
});

test('an address that claims a payment proves nothing, at home or on a checkout', async () => {
  const at = await start();
  const claim = { credits_purchase: 'success', amount: '1000', currency: 'usdc' };
  const home = await at.open('none', claim);
  await badgeSays(home, /^Waiting for confirmation/);
  // A checkout that says so is still short of all of it.
  const page = await at.open('classic', claim);
  await badgeSays(page, /^No IO Credits This needs \$81\.90 .* Waiting for confirmation/);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(await readBadge(page)).toMatch(/^No IO Credits/);
  expect(await readBadge(home)).toMatch(/^Waiting for confirmation/);
  // Money that did come turns both, whatever amount was claimed.
  await fund(at.server, at.account.api_key, '94.30');
  await badgeSays(page, /^Enough credits \$12\.40 left/);
  await badgeSays(home, /^Payment confirmed/);
  expect(at.complaints).toEqual([]);
});

test('in German: the words, the figures and the width', async () => {
  const at = await start('de-DE');
  await fund(at.server, at.account.api_key, '94.30');
  const page = await at.open('classic');
  await badgeSays(
    page,
    /^Guthaben reicht Danach bleiben 12,40\s\$, bei diesem Preis etwa 9\s\S+ IO Glance, Stand \d\d:\d\d Seitenleiste$/,
  );
  await pictures(page, 'enough-de');
  await change(page, { total: '1,234.50 IO Credits' });
  await badgeSays(
    page,
    /^1\.140,20\s\$ fehlen 94,30\s\$ verfügbar Mit Karte, 3\s%\sGebühr 1\.174,41\s\$ In USDC, ohne Gebühr 1\.140,20\s\$ 1\.140,20\s\$ aufladen/,
  );
  await pictures(page, 'short-de');
  await change(page, { width: 'wide' });
  await badgeSays(page, /^1\.140,20\s\$ fehlen Aufladen$/);
  await pictures(page, 'pill-de');
  expect(at.complaints).toEqual([]);
});

test('in the language that a person chose, from the moment of the choice', async () => {
  const at = await start();
  await fund(at.server, at.account.api_key, '94.30');
  const page = await at.open('classic');
  await badgeSays(page, /^Enough credits/);
  const choose = async (language: string) => {
    const worker = await at.installed.worker();
    await worker.evaluate((to) => chrome.storage.local.set({ appearance: { language: to } }), language);
  };
  await choose('de');
  await badgeSays(page, /^Guthaben reicht Danach bleiben 12,40\s\$/);
  // A page that comes later, and an open one whose worker was stopped, are told in it too.
  await at.installed.stopWorker();
  const later = await at.open('classic');
  await badgeSays(later, /^Guthaben reicht/);
  await badgeSays(page, /^Guthaben reicht/);
  await choose('system');
  await badgeSays(page, /^Enough credits \$12\.40 left/);
  expect(at.complaints).toEqual([]);
});

test('a verdict is never of another amount: until the worker has the new one, none is said', async () => {
  const at = await start();
  await fund(at.server, at.account.api_key, '94.30');
  const page = await at.open('classic');
  await badgeSays(page, /^Enough credits \$12\.40 left/);
  // Asleep it takes its time.
  await at.installed.stopWorker();
  await change(page, { total: '102.500 USDC' });
  const said = new Set<string | null>();
  await until('the new verdict is there', async () => {
    const now = await readBadge(page);
    said.add(now);
    return now?.startsWith('$8.20 short');
  });
  for (const each of said) expect(each ?? '').not.toMatch(/Enough|\$12\.40/);
  // Busy it takes longer: meanwhile a screen reader finds no words of the old amount either.
  expect(await readAnnounced(page)).toMatch(/^\$8\.20 short/);
  const worker = await at.installed.worker();
  await worker.evaluate((ms) => {
    setTimeout(() => {
      let now = Date.now();
      for (const end = now + ms; now < end;) now = Date.now();
    });
  }, 2_000);
  await change(page, { total: '100.00 USDC' });
  await badgeSays(page, /^Checking/);
  expect(await readAnnounced(page)).toBe('');
  await badgeSays(page, /^\$5\.70 short/);
  expect(await readAnnounced(page)).toMatch(/^\$5\.70 short/);
  // Awake it is there before a person could see that it was not.
  await change(page, { total: '81.900 USDC' });
  await badgeSays(page, /^Enough credits \$12\.40 left/);
  expect(at.complaints).toEqual([]);
});
