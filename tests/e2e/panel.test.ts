// The side panel: every change that a person can make, from the click to the ledger and back on a second device.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, deliver, fund, paid } from '../tools/harness/api.ts';
import { freshProfile, launch, type Profile, shows, signIn } from '../tools/harness/extension.ts';
import type { InstalledExtension } from '../tools/harness/extension.ts';
import { goTo, openSidePanel, press, reads, sees, write } from '../tools/harness/panel.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

const SOLANA = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';
const OTHER_SOLANA = '3cDEdqz9CKS7FhBJ5RtYVsPk3nuTtjzr9ozAxKgYrEMs';

interface Device {
  profile: Profile;
  installed: InstalledExtension;
  panel: Page;
}

let server: ServerProcess;
let account: Account;
let service: string;
const devices: Device[] = [];
let laptop: Device;
let desk: Device;

async function device(): Promise<Device> {
  const profile = freshProfile();
  const installed = await launch(profile);
  const made: Device = { profile, installed, panel: await signIn(installed, server.url, account.api_key) };
  devices.push(made);
  await shows(made.panel, 'connection', /Connected/);
  made.panel = await openSidePanel(installed);
  return made;
}

beforeAll(async () => {
  server = await startServerProcess();
  account = await server.createAccount('Ada Lovelace');
  service = await server.createIdentity('service');
  await fund(server, account.api_key, '200');
  laptop = await device();
  desk = await device();
});
afterAll(async () => {
  for (const { installed, profile } of devices) {
    await installed.close();
    profile.dispose();
  }
  await server?.dispose();
});

/** "23:04", as a clock in Tokyo shows it. */
const inTokyo = (at: number) =>
  new Intl.DateTimeFormat('en', {
    timeZone: 'Asia/Tokyo',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);

const get = async (path: string) => (await call(server.url, path, account.api_key)).body;
const both = (place: string) => Promise.all([goTo(laptop.panel, place), goTo(desk.panel, place)]);

test('Overview says the balance, what is held, and the last transaction, on the real side panel', async () => {
  await sees(laptop.panel, '[data-part=balance]', /^\$200\.00$/);
  await sees(laptop.panel, '[data-part=recent]', /Purchase.*\+\$200\.00/);
  expect(await sees(laptop.panel, '[data-part=getting-started]', /1 of 6 done/)).toContain(
    'Deploy your first cluster',
  );
});

test('purchase: the fee is known before, wrong amounts are not sent, input is kept, and credits arrive', async () => {
  await goTo(laptop.panel, '#billing/purchase');
  await write(laptop.panel, 'amount', '0.5');
  await sees(laptop.panel, '#amount-error', /At least \$1\.00/);
  expect(await reads(laptop.panel, '[data-part=pay][aria-disabled=true]')).toBe('Enter an amount');
  await press(laptop.panel, 'input[value=card]');
  await write(laptop.panel, 'amount', '25.005');
  await sees(laptop.panel, '#amount-error', /whole cents/);
  await write(laptop.panel, 'amount', '25');
  await sees(laptop.panel, 'form[data-part=purchase-form]', /Payment provider fee \$0\.75 You pay \$25\.75/);

  await laptop.panel.reload();
  await sees(laptop.panel, '[data-part=pay]', /Pay \$25\.75/);
  expect(await laptop.panel.$eval('#amount', (field) => (field as HTMLInputElement).value)).toBe('25');

  await press(laptop.panel, '[data-part=pay]');
  await sees(laptop.panel, '[data-part=purchase-started]', /\$25\.75 to pay/);
  await goTo(desk.panel, '#billing');
  await sees(desk.panel, '[data-part=pending]', /Purchase.*waiting for payment.*\+\$25\.00 Open payment/);
  const href = await desk.panel.$eval('[data-part=open-payment]', (link) => link.getAttribute('href'));
  expect(href).toMatch(new RegExp(`^${server.url}/pay/`));

  const id = href?.split('/').at(-1) ?? '';
  const body = paid(id, '25.75');
  expect((await deliver(server.url, { secret: server.webhookSecret, body })).status).toBe(200);
  await sees(laptop.panel, '[data-part=purchase-started]', /\$25\.00 arrived/);
  await sees(desk.panel, '[data-part=balance]', /^\$225\.00$/);
  await press(laptop.panel, '[data-part=done]');
});

test('withdrawal: not more than can be withdrawn, requested on one device, cancelled on the other', async () => {
  await goTo(laptop.panel, '#billing/withdraw');
  await write(laptop.panel, 'amount', '225.01');
  await sees(laptop.panel, '#amount-error', /Only \$225\.00 can be withdrawn/);
  await write(laptop.panel, 'address', 'not an address');
  await sees(laptop.panel, '#address-error', /neither a Solana nor an Aptos/);
  await write(laptop.panel, 'address', SOLANA);
  await sees(laptop.panel, '#address-hint', /A Solana address/);
  await write(laptop.panel, 'amount', '20');
  await press(laptop.panel, '[data-part=request]');
  await sees(laptop.panel, '[data-part=toast]', /Withdrawal of \$20\.00 requested/);
  expect(await get('/credits')).toMatchObject({ reserved: '20', available: '205' });

  await goTo(desk.panel, '#billing');
  await sees(desk.panel, '[data-withdrawal]', /Withdrawal to 7nYy…cNfa.*Requested.*-\$20\.00/);
  await press(desk.panel, '[data-part=cancel-withdrawal]');
  await press(desk.panel, '[data-part=cancel-dialog] [data-part=confirm]');
  await until('it is cancelled', async () => (await get('/credits'))['reserved'] === '0');
  await goTo(laptop.panel, '#billing');
  await until('nothing is pending', async () => (await reads(laptop.panel, '[data-part=pending]')) === '');
});

test('a proposal made offline shows as waiting, settles on return; a refusal says why', async () => {
  await server.kill();
  await sees(laptop.panel, '[data-part=sync]', /^Offline/, 30_000);
  for (const amount of ['30', '200']) {
    await goTo(laptop.panel, '#billing/withdraw');
    await write(laptop.panel, 'address', SOLANA);
    await write(laptop.panel, 'amount', amount);
    await press(laptop.panel, '[data-part=request]');
    await sees(laptop.panel, '[data-part=toast]', /Kept here, sent when/);
    await sees(laptop.panel, '[data-part=pending]', new RegExp(`Waiting to send.*-\\$${amount}\\.00`));
  }
  await sees(
    laptop.panel,
    '[data-part=pending]',
    /Waiting to send.*-\$30\.00.*-\$200\.00|-\$200\.00.*-\$30\.00/,
  );
  await server.start();
  await sees(laptop.panel, '[data-part=banner]', /The withdrawal was not requested/, 40_000);
  expect(await get('/credits')).toMatchObject({ reserved: '30' });
  await press(laptop.panel, '[data-part=banner] [data-part=dismiss]');
  await until(
    'it was read',
    async () => !(await reads(laptop.panel, '[data-part=banner]')).includes('withdrawal'),
  );
  await sees(desk.panel, '[data-withdrawal]', /-\$30\.00/);
  await press(desk.panel, '[data-part=cancel-withdrawal]');
  await press(desk.panel, '[data-part=cancel-dialog] [data-part=confirm]');
  await until('it is cancelled', async () => (await get('/credits'))['reserved'] === '0');
});

test('wallets: checked while typed, added, made primary and removed, the same on both devices', async () => {
  await both('#settings/wallets');
  await write(laptop.panel, 'wallet_address', `${SOLANA}x`);
  await sees(laptop.panel, '#wallet_address-error', /neither/);
  for (const address of [SOLANA, OTHER_SOLANA]) {
    await write(laptop.panel, 'wallet_address', address);
    await press(laptop.panel, '[data-part=add-wallet]');
    await sees(desk.panel, `[data-wallet="${address}"]`, /Solana/);
  }
  await write(laptop.panel, 'wallet_address', SOLANA);
  await sees(laptop.panel, '#wallet_address-error', /already/);
  await write(laptop.panel, 'wallet_address', ' ');
  await sees(desk.panel, `[data-wallet="${SOLANA}"]`, /Primary/);
  await press(desk.panel, `[data-wallet="${OTHER_SOLANA}"] [data-part=make-primary]`);
  await sees(laptop.panel, `[data-wallet="${OTHER_SOLANA}"]`, /Primary/);
  await press(laptop.panel, `[data-wallet="${SOLANA}"] [data-part=remove-wallet]`);
  await press(laptop.panel, '[data-part=wallet-dialog] [data-part=confirm]');
  await until(
    'it is gone on the other device',
    async () => !(await desk.panel.$(`[data-wallet="${SOLANA}"]`)),
  );
  expect((await get('/wallets'))['items']).toMatchObject([{ address: OTHER_SOLANA, primary: true }]);
});

test('profile: name and timezone, and every time follows it', async () => {
  await both('#settings');
  await write(laptop.panel, 'full_name', 'Ada King');
  await laptop.panel.select('select[name=timezone]', 'Asia/Tokyo');
  await press(laptop.panel, '[data-part=save-profile]');
  await sees(desk.panel, '[data-part=account]', /Ada King/);
  expect(await get('/profile')).toMatchObject({ name: 'Ada King', timezone: 'Asia/Tokyo' });
  await until('the other form follows', () =>
    desk.panel.$eval('select[name=timezone]', (list) => list.value === 'Asia/Tokyo'),
  );
  await until('the sync line tells the time of Tokyo', async () => {
    const told = await reads(desk.panel, '[data-part=sync]');
    // It may be the minute before this one.
    return [0, 60_000].some((ago) => told === `Updated ${inTokyo(Date.now() - ago)}`);
  });
  for (const place of ['#overview', '#billing', '#notifications']) {
    await goTo(desk.panel, place);
    const scope = place === '#notifications' ? 'dialog' : 'main';
    await sees(desk.panel, `${scope} time`, /./);
    const times = await desk.panel.$$eval(`${scope} time[datetime]`, (found) =>
      found.map(({ dateTime, innerText, title }) => ({ at: Date.parse(dateTime), innerText, title })),
    );
    expect(times.length, place).toBeGreaterThan(0);
    for (const { at, innerText, title } of times) {
      expect(title, place).toContain('GMT+9');
      // All of it happened just now; behind midnight of Tokyo it would be a day.
      expect(innerText, place).toMatch(new RegExp(`${inTokyo(at)}|^[A-Z][a-z]{2} \\d+$`));
    }
  }
});

test('search: an option is found by a word of either language, and opened at its place', async () => {
  await goTo(laptop.panel, '#search');
  await write(laptop.panel, 'search', 'dunkel');
  const opened = laptop.installed.browser.waitForTarget((target) =>
    target.url().endsWith('/options.html#theme'),
  );
  await press(laptop.panel, '[data-place="place.theme"]');
  const options = await (await opened).asPage();
  await options.waitForSelector('[name=theme]');
  expect(await options.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('theme');
  await options.close();
  await write(laptop.panel, 'search', 'delete account');
  await press(laptop.panel, '[data-place="place.delete"]');
  await until('the section is in view', () =>
    laptop.panel.$eval('[data-part=delete]', (section) => {
      const { top, bottom } = section.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }),
  );
});

test('alerts: switched on with a number of their own', async () => {
  await goTo(laptop.panel, '#settings/alerts');
  await press(laptop.panel, 'input[name=balance_on]');
  await write(laptop.panel, 'balance', 'ten');
  await sees(laptop.panel, '#balance-error', /amount such as 10/);
  await write(laptop.panel, 'balance', '15');
  await press(laptop.panel, '[data-part=save-alerts]');
  await sees(laptop.panel, '[data-part=toast]', /Alerts saved/);
  expect(await get('/alerts')).toMatchObject({ thresholds: { balance: '15', plan_share: null } });
  await goTo(desk.panel, '#settings/alerts');
  await until('the other device has it', () =>
    desk.panel.$eval('input[name=balance]', (field) => field.value === '15'),
  );
});

test('terms: accepted on one device, accepted on the other', async () => {
  await both('#terms');
  await sees(desk.panel, '[data-part=terms]', /Not accepted/);
  await press(laptop.panel, '[data-part=accept]');
  await sees(desk.panel, '[data-part=terms]', /You have accepted the current terms/);
  const { version, accepted } = await get('/acknowledgments');
  expect(accepted).toBe(version);
});

test('plans: compared, chosen, and the current one marked on both devices', async () => {
  await both('#intelligence');
  await sees(desk.panel, '[data-plan=standard]', /Standard.*Current/);
  await press(laptop.panel, '[data-plan=professional] [data-part=choose]');
  await press(laptop.panel, '[data-part=plan-dialog] [data-part=confirm]');
  await sees(desk.panel, '[data-plan=professional]', /\$15\.00 a month.*Current/);
  expect(await get('/plan')).toMatchObject({ plan: 'professional' });
});

test('a deployment is extended and ended; what comes back is said before and arrives', async () => {
  const wish = { name: 'vllm-prod-eu', type: 'container', device: 'L40S', quantity: 1, hours: 10 };
  const made = await call(server.url, '/deployments', account.api_key, {
    ...wish,
    payment_method: 'credits',
  });
  expect(made.status).toBe(201);
  const id = String(made.body['id']);
  const say = async (status: string) => {
    const body = { status, at: new Date().toISOString() };
    const { status: code } = await call(server.url, `/service/deployments/${id}/status`, service, body);
    expect(code).toBe(200);
  };
  await say('deploying');
  await both(`#cloud/cluster/${id}`);
  await sees(desk.panel, `[data-cluster="${id}"]`, /vllm-prod-eu Deploying.*L40S ×1.*\$6\.40 held/);
  await say('running');
  await sees(laptop.panel, '[data-part=cluster-detail]', /Paid \$6\.40.*ends in (9 h 59 min|10 h)/);

  await press(laptop.panel, '[data-part=extend]');
  await write(laptop.panel, 'hours', '8000');
  await sees(laptop.panel, '[data-part=extend-top-up]', /^Top up \$4,9\d\d\.\d\d$/);
  await sees(laptop.panel, '[data-part=extend-short]', /^Pay \$5,\d{3}\.\d\d by card or request more$/);
  await write(laptop.panel, 'hours', '9999');
  await sees(laptop.panel, '#hours-error', /Whole hours/);
  await write(laptop.panel, 'hours', '5');
  await sees(laptop.panel, '[data-part=extend-submit]', /Extend for \$3\.20/);
  await press(laptop.panel, '[data-part=extend-submit]');
  await sees(desk.panel, '[data-part=cluster-detail]', /Paid \$9\.60.*ends in (14 h 59 min|15 h)/);

  await press(desk.panel, '[data-part=end]');
  await sees(desk.panel, '[data-part=end-dialog]', /About \$9\.5\d of unused time comes back/);
  await press(desk.panel, '[data-part=end-dialog] [data-part=confirm]');
  await say('terminated').catch(() => {});
  await sees(laptop.panel, `[data-cluster="${id}"]`, /Terminat|Completed|Destroyed/);
  await goTo(laptop.panel, '#notifications');
  await sees(laptop.panel, '[data-part=notices]', /Refund of \$9\.5\d arrived/);
});

test('notices are read on one device and are read on the other', async () => {
  await goTo(desk.panel, '#notifications');
  await desk.panel.waitForSelector('[data-new]');
  await press(laptop.panel, '[data-part=see-all]');
  await until('none is new on the other device', async () => (await desk.panel.$('[data-new]')) === null);
  await desk.panel.keyboard.press('Escape');
  await until('the drawer closes', async () => (await desk.panel.$('dialog[open]')) === null);
  expect(JSON.stringify(await get('/notifications'))).not.toContain('"seen_at":null');
});
