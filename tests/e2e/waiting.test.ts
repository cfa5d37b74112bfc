// What waits on a device: kept across restarts with what was typed, taken back while offline, named before it is lost to
// another account; and a device that is signed out from another one says so.
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { call, fund } from '../tools/harness/api.ts';
import { part, shows, signIn } from '../tools/harness/extension.ts';
import { goTo, press, reads, sees, write } from '../tools/harness/panel.ts';
import { Person } from '../tools/harness/person.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';
import { tapWire, type Wire } from '../tools/harness/wire.ts';

const SOLANA = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';

let server: ServerProcess;
let wire: Wire;
let account: Account;
let person: Person;
let made = 0;

beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server?.dispose());
beforeEach(async () => {
  made += 1;
  account = await server.createAccount(`Ada ${made}`);
  await fund(server, account.api_key, '100');
  wire = await tapWire(server.port);
  person = await Person.at(wire.url, account.api_key);
});
afterEach(async () => {
  await person?.dispose();
  await wire?.dispose();
});

const credits = async (of = account) => (await call(server.url, '/credits', of.api_key)).body;
const value = (field: string) => person.panel.$eval(`input[name=${field}]`, (input) => input.value);

/** Asks for a withdrawal while the network is away. */
async function proposeOffline(amount: string): Promise<void> {
  wire.cut = true;
  await sees(person.panel, '[data-part=sync]', /^Offline/, 30_000);
  await goTo(person.panel, '#billing/withdraw');
  await write(person.panel, 'address', SOLANA);
  await write(person.panel, 'amount', amount);
  await press(person.panel, '[data-part=request]');
  await sees(person.panel, '[data-part=toast]', /Kept here, sent when/);
  await goTo(person.panel, '#billing');
  await sees(person.panel, '[data-part=pending]', new RegExp(`Waiting to send.*-\\$${amount}\\.00`));
}

test('side panel and browser restart: what was typed and what waits is still there, and then goes out once', async () => {
  await proposeOffline('30');
  await goTo(person.panel, '#billing/withdraw');
  await write(person.panel, 'address', SOLANA);
  await write(person.panel, 'amount', '12.5');
  await person.restart();
  await goTo(person.panel, '#billing');
  await sees(person.panel, '[data-part=pending]', /Waiting to send.*-\$30\.00/);
  await goTo(person.panel, '#billing/withdraw');
  await person.panel.waitForSelector('input[name=amount]');
  expect([await value('amount'), await value('address')]).toEqual(['12.5', SOLANA]);
  wire.cut = false;
  await until('it went out', async () => (await credits())['reserved'] === '30', 40_000);
  expect(await value('amount'), 'what was only typed was not sent').toBe('12.5');
});

test('taken back while offline it never happens', async () => {
  await proposeOffline('30');
  await press(person.panel, '[data-part=take-back]');
  await until('nothing waits', async () => (await reads(person.panel, '[data-part=pending]')) === '');
  wire.cut = false;
  await sees(person.panel, '[data-part=sync]', /^Updated/, 40_000);
  await goTo(person.panel, '#overview');
  expect(await credits()).toMatchObject({ reserved: '0', available: '100' });
});

/** Another device of the account signs this one out. */
async function revokeHere(): Promise<void> {
  const { body } = await call(server.url, '/sessions', account.api_key);
  const [session] = body['items'] as { id: string }[]; // the only one
  const answer = await fetch(`${server.url}/sessions/${session?.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${account.api_key}`, 'idempotency-key': crypto.randomUUID() },
  });
  expect(answer.status).toBe(204);
}

test('another account: what the first has not sent is named, kept on no, lost on yes, and sent for nobody', async () => {
  const other = await server.createAccount('Bo');
  await fund(server, other.api_key, '100');
  await proposeOffline('30');
  await revokeHere();
  wire.cut = false;
  // The signed-out device still has its number and what waits.
  await sees(person.panel, '[data-part=sync]', /^Sign in again/, 40_000);
  const settings = await signIn(person.installed, wire.url, other.api_key);
  await sees(
    settings,
    '[data-part=other-account-dialog]',
    /1 change has not been sent.*another account.*Ada \d/,
  );
  await press(settings, '[data-part=other-account-dialog] [data-part=cancel]');
  await until('the question is gone', async () => (await settings.$('dialog[open]')) === null);
  await goTo(person.panel, '#billing');
  await sees(person.panel, '[data-part=pending]', /Waiting to send.*-\$30\.00/);

  await settings.click('button[type=submit]');
  await press(settings, '[data-part=other-account-dialog] [data-part=confirm]');
  await shows(settings, 'connection', /Connected as Bo/);
  await sees(person.panel, '[data-part=balance]', /^\$100\.00$/);
  await goTo(person.panel, '#billing');
  expect(await reads(person.panel, '[data-part=pending]')).toBe('');
  for (const one of [account, other])
    expect(await credits(one)).toMatchObject({ reserved: '0', available: '100' });
});

test('signed out from another device: panel, popup and settings say so, and one step ends it', async () => {
  const desk = await Person.at(server.url, account.api_key);
  try {
    await goTo(desk.panel, '#settings/devices');
    const rows = await until('both devices are listed', async () => {
      const found = await desk.panel.$$('[data-device]');
      return found.length === 2 ? found : null;
    });
    expect(rows).toHaveLength(2);
    await press(desk.panel, '[data-part=revoke]');
    await press(desk.panel, '[data-part=device-dialog] [data-part=confirm]');
    await sees(person.panel, '[data-part=sync]', /^Sign in again/);
    await sees(person.panel, '[data-part=balance]', /^\$100\.00$/);
    await until('one device is left', async () => (await desk.panel.$$('[data-device]')).length === 1);
  } finally {
    await desk.dispose();
  }
  const popup: Page = await person.installed.openPopup();
  await shows(popup, 'sync', /^Sign in again/);
  expect(await popup.evaluate(() => document.body.innerText)).toContain('The server signed this device out');
  const settings = await signIn(person.installed, wire.url, account.api_key);
  await shows(settings, 'connection', /Connected/);
  await sees(person.panel, '[data-part=sync]', /^Updated/);
  expect(await part(person.panel, 'balance')).toBe('$100.00');
});
