// The side panel: what a person sets, from the click to the ledger and on to a second device.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, fund } from '../tools/harness/api.ts';
import { goTo, press, reads, sees, write } from '../tools/harness/panel.ts';
import { Person } from '../tools/harness/person.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

const SOLANA = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';
const OTHER_SOLANA = '3cDEdqz9CKS7FhBJ5RtYVsPk3nuTtjzr9ozAxKgYrEMs';

let server: ServerProcess;
let account: Account;
let laptop: Person;
let desk: Person;

beforeAll(async () => {
  server = await startServerProcess();
  account = await server.createAccount('Ada Lovelace');
  await fund(server, account.api_key, '200');
  laptop = await Person.at(server.url, account.api_key);
  desk = await Person.at(server.url, account.api_key);
});
afterAll(async () => {
  await Promise.all([laptop, desk].map((person) => person?.dispose()));
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
