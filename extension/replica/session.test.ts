// The sign-in against a server that rotates as the contract says, over a real HTTP socket.
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAuthHttp } from './auth-http.ts';
import { type DeviceStore, openDeviceStore } from './device-store.ts';
import { NoTokenError, Session } from './session.ts';
import { openKeyedStore } from './keyed-store.ts';
import { ACCOUNT, API_KEY, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let store: DeviceStore;
let now = 0;
let run = 0;
const clock = { now: () => now };
const session = () => new Session({ auth: createAuthHttp({ fetch, clock }), store, clock });

beforeEach(async () => {
  now = Date.parse('2026-11-21T14:00:00Z');
  run += 1;
  store = openDeviceStore(openKeyedStore(`session-${run}`));
  server = await startTestServer(() => now);
});
afterEach(() => server.stop());

const failing = async (token: Promise<string>) => {
  const error: unknown = await token.catch((thrown: unknown) => thrown);
  return error instanceof NoTokenError ? error.reason : error;
};

test('a key becomes tokens, and is kept nowhere', async () => {
  const signedIn = session();
  expect(await signedIn.signIn(server.address, API_KEY, 'Laptop')).toBeNull();
  const stored = await store.load();
  expect(stored).toMatchObject({
    account_id: ACCOUNT,
    device_id: 'device-1',
    server: server.address,
    epoch: 1,
  });
  expect(JSON.stringify(stored)).not.toContain(API_KEY);
  expect(await signedIn.accessToken()).toBe(stored?.tokens?.access);
  expect(server.presented).toEqual([]);
});

test('a wrong key changes nothing', async () => {
  const signedIn = session();
  await signedIn.signIn(server.address, API_KEY, 'Laptop');
  expect(await signedIn.signIn(server.address, 'another', 'Laptop')).toBe('refused');
  expect(signedIn.record?.account_id).toBe(ACCOUNT);
});

test('what is behind an address that is no server of ours is said', async () => {
  expect(await session().signIn(`${server.address}/elsewhere`, API_KEY, 'Laptop')).toBe('not_a_server');
  await server.stop();
  expect(await session().signIn(server.address, API_KEY, 'Laptop')).toBe('unreachable');
});

test('an old token is renewed once, however many ask, and the new pair is stored before it is used', async () => {
  const signedIn = session();
  await signedIn.signIn(server.address, API_KEY, 'Laptop');
  now += 9.6 * 60_000;
  const tokens = await Promise.all([signedIn.accessToken(), signedIn.accessToken(), signedIn.accessToken()]);
  expect(new Set(tokens).size).toBe(1);
  expect(server.presented).toEqual(['refresh-1']);
  expect((await store.load())?.tokens).toMatchObject({ access: tokens[0], refresh: 'refresh-2' });
});

test('an answer that got lost is asked for again with the parent', async () => {
  const signedIn = session();
  await signedIn.signIn(server.address, API_KEY, 'Laptop');
  now += 11 * 60_000;
  server.refreshes = 'lose';
  expect(await failing(signedIn.accessToken())).toBe('offline');
  server.refreshes = 'work';
  const restarted = session();
  await restarted.load();
  await restarted.accessToken();
  expect(server.presented).toEqual(['refresh-1', 'refresh-1']);
  expect(restarted.record?.tokens?.refresh).toBe('refresh-3');
});

test('a write that fails leaves the parent, which is still good', async () => {
  const save = store.save.bind(store);
  const signedIn = session();
  await signedIn.signIn(server.address, API_KEY, 'Laptop');
  now += 11 * 60_000;
  store.save = () => Promise.reject(new Error('disk full'));
  await expect(signedIn.accessToken()).rejects.toThrow('disk full');
  store.save = save;
  await signedIn.accessToken();
  expect(server.presented).toEqual(['refresh-1', 'refresh-1']);
});

test('a refused refresh signs out for good and keeps the rest; a busy server does not', async () => {
  const signedIn = session();
  await signedIn.signIn(server.address, API_KEY, 'Laptop');
  now += 11 * 60_000;
  server.refreshes = 'fail';
  expect(await failing(signedIn.accessToken())).toBe('offline');
  expect(signedIn.record?.tokens).not.toBeNull();
  server.refreshes = 'refuse';
  expect(await failing(signedIn.accessToken())).toBe('signed_out');
  expect(await store.load()).toMatchObject({ tokens: null, account_id: ACCOUNT, server: server.address });
  expect(await failing(signedIn.accessToken())).toBe('signed_out');
  expect(server.presented).toHaveLength(2);
});

test('a sign-out wins over a refresh on its way', async () => {
  const signedIn = session();
  await signedIn.signIn(server.address, API_KEY, 'Laptop');
  now += 11 * 60_000;
  const asked = failing(signedIn.accessToken());
  await signedIn.signOut();
  expect(await asked).toBe('signed_out');
  expect(await store.load()).toMatchObject({ tokens: null, account_id: null });
});

test('the offset to the server clock comes with the tokens, within its second', async () => {
  const ahead = 7_000;
  await server.stop();
  server = await startTestServer(() => now + ahead);
  const signedIn = session();
  await signedIn.signIn(server.address, API_KEY, 'Laptop');
  expect(Math.abs((signedIn.record?.clock_offset ?? 0) - ahead)).toBeLessThanOrEqual(500);
});

test('a stored record of another shape counts as none', async () => {
  await store.save({ version: 1 } as never); // what a later release might leave behind
  const restarted = session();
  await restarted.load();
  expect(restarted.record).toBeNull();
});
