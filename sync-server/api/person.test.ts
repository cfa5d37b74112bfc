import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRig, type Rig } from './rig.ts';

const SOLANA = 'So11111111111111111111111111111111111111112';
const SECOND = '4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T';
const APTOS = `0x${'ab'.repeat(32)}`;

let rig: Rig;
let ann: string;
let bob: string;

beforeEach(async () => {
  rig = await openRig();
  [ann, bob] = [(await rig.register()).apiKey, (await rig.register()).apiKey];
});
afterEach(() => rig.close());

const call = (method: string, path: string, body?: object, by = ann) => rig.call(by, method, path, body);

test('name and timezone', async () => {
  expect((await call('GET', '/profile')).body).toEqual({ name: 'Ann', timezone: 'UTC', wallets: [] });
  const set = await call('PATCH', '/profile', { timezone: 'Europe/Berlin' });
  expect(set).toMatchObject({ status: 200, body: { name: 'Ann', timezone: 'Europe/Berlin' } });
  await call('PATCH', '/profile', { name: 'Ann B.' });
  expect((await call('GET', '/profile')).body).toMatchObject({ name: 'Ann B.', timezone: 'Europe/Berlin' });
  for (const wrong of [{}, { timezone: 'Mars/Olympus' }, { name: '' }, { name: 7 }, { colour: 'red' }]) {
    expect(await call('PATCH', '/profile', wrong)).toMatchObject({ status: 400 });
  }
  expect((await call('GET', '/profile', undefined, bob)).body).toMatchObject({ timezone: 'UTC' });
});

test('wallets: added, made primary, removed; never somebody else’s', async () => {
  const first = (await call('POST', '/wallets', { chain: 'solana', address: SOLANA })).body;
  const second = await call('POST', '/wallets', { chain: 'solana', address: SECOND });
  expect(first).toMatchObject({ primary: true });
  expect(second).toMatchObject({ status: 201, body: { primary: false, address: SECOND } });
  expect((await call('POST', '/wallets', { chain: 'aptos', address: APTOS })).body).toMatchObject({
    primary: true,
  });
  const path = `/wallets/${String(second.body.id)}`;
  for (const [method, address] of [
    ['POST', `${path}/primary`],
    ['DELETE', path],
  ] as const) {
    expect(await call(method, address, undefined, bob)).toMatchObject({ status: 404 });
  }
  expect((await call('POST', `${path}/primary`)).body).toMatchObject({ primary: true });
  expect((await call('DELETE', `/wallets/${String(first.id)}`)).status).toBe(200);
  const { items } = (await call('GET', '/wallets')).body;
  expect(items).toMatchObject([
    { chain: 'solana', address: SECOND, primary: true },
    { chain: 'aptos', primary: true },
  ]);
  expect(await call('POST', '/wallets', { chain: 'solana', address: 'nonsense' })).toMatchObject({
    status: 400,
  });
  expect(await call('POST', '/wallets', { chain: 'bitcoin', address: SOLANA })).toMatchObject({
    status: 400,
  });
});

test('terms: only the current ones can be accepted', async () => {
  const { body } = await call('GET', '/acknowledgments');
  expect(body).toMatchObject({ accepted: null, accepted_at: null });
  expect(await call('POST', '/acknowledgments', { version: 'old' })).toMatchObject({
    status: 409,
    body: { code: 'version_conflict', version: body.version },
  });
  expect(await call('POST', '/acknowledgments', { version: body.version })).toMatchObject({ status: 201 });
  expect((await call('GET', '/acknowledgments')).body).toMatchObject({
    accepted: body.version,
    accepted_at: '2026-01-01T00:00:00.000Z',
  });
});

test('notices come newest first, are seen once, and are nobody else’s', async () => {
  for (const amount of ['5', '6', '7']) {
    const bought = await call('POST', '/credits/purchases', { amount, method: 'usdc' });
    const data = { purchase_id: bought.body.id, payment_id: `pay-${String(bought.body.id)}`, amount };
    await rig.webhook({ type: 'payment.succeeded', data });
  }
  const page = (await call('GET', '/notifications?limit=2')).body;
  expect(page.items).toMatchObject([{ code: 'purchase_settled' }, { code: 'purchase_settled' }]);
  const rest = (await call('GET', `/notifications?limit=2&cursor=${String(page.next_cursor)}`)).body;
  expect(rest).toMatchObject({ items: [{ code: 'purchase_settled', seen_at: null }], next_cursor: null });
  const [item] = rest.items as { id: string }[];
  const path = `/notifications/${item?.id}/seen`;
  expect(await call('POST', path, undefined, bob)).toMatchObject({ status: 404 });
  expect((await call('POST', path)).body).toMatchObject({ seen_at: '2026-01-01T00:00:00.000Z' });
  expect((await call('POST', path)).status).toBe(200);
  expect((await call('GET', '/notifications', undefined, bob)).body.items).toEqual([]);
});
