// Who may open a document on the real server and for how long, and what a socket costs its device that says too much.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bookName, pageName, trayName } from '../../shared/documents.ts';
import { MINUTE } from '../../shared/time.ts';
import { MAX_DOCUMENTS } from '../../sync-server/sync/limits.ts';
import { creditsOf, type Device, headOf, open, RawDevice, soon } from './lib/device.ts';
import { fund, type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';
import { journalHead, level, synced } from './lib/level.ts';

let server: TestServer;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  server = await startTestServer();
  ann = await register(server, 'Ann');
  bob = await register(server, 'Bob');
});
afterAll(() => server[Symbol.asyncDispose]());

test('a wrong, an ended and a foreign token open nothing', async () => {
  const token = await signIn(server, ann, 'laptop');
  const denied = async (name: string, bearer: string) => {
    using device = open(server.sync, name, bearer);
    await soon('the document is denied', () => device.denials.length > 0);
    expect(headOf(device.doc)).toBeUndefined();
    return device.denials[0];
  };
  expect(await denied(bookName(ann.account), 'no token')).toBe('unauthenticated');
  expect(await denied(bookName(ann.account), '')).toBe('unauthenticated');
  const [head, claims] = token.split('.');
  expect(await denied(bookName(ann.account), `${head}.${claims}.${'A'.repeat(86)}`)).toBe('unauthenticated');
  // An API key opens no document: it has no session that could be revoked.
  expect(await denied(bookName(ann.account), ann.apiKey)).toBe('permission-denied');
  const foreign = await denied(bookName(bob.account), token);
  expect(foreign).toBe('permission-denied');
  expect(await denied(bookName('nobody'), token)).toBe(foreign);
  expect(await denied('nonsense', token)).toBe(foreign);
  expect(await denied(trayName(ann.account, 'phone'), token)).toBe(foreign);
  expect(await denied(trayName(bob.account, 'laptop'), token)).toBe(foreign);
  expect(await denied(pageName(bob.account, 0), token)).toBe(foreign);
  server.advance(11 * MINUTE);
  expect(await denied(bookName(ann.account), token)).toBe('unauthenticated');
});

test('a revoked session loses its sockets within a second, the other session keeps its own', async () => {
  const name = bookName(ann.account);
  using kept = open(server.sync, name, await signIn(server, ann, 'laptop'));
  using lost = open(server.sync, name, await signIn(server, ann, 'stolen'));
  await Promise.all([synced(kept), synced(lost)]);
  const session = (await server.running.identity.listSessions(ann.account)).find(
    (one) => one.device === 'stolen',
  );
  const at = performance.now();
  await server.running.identity.revokeSession(session?.id ?? '', ann.account);
  await soon('the socket closes', () => lost.closes.some(({ code }) => code === 4401), 1_000);
  expect(performance.now() - at).toBeLessThan(1_000);
  await soon('the revoked token opens nothing', () => lost.denials.includes('unauthenticated'));
  await fund(server, ann, 1n);
  await level(server, kept, ann);
  expect(kept.closes).toEqual([]);
  expect(creditsOf(lost.doc)?.balance).not.toBe(creditsOf(kept.doc)?.balance);
});

test('a token that ends closes its socket; one renewed in time keeps it', async () => {
  const name = bookName(ann.account);
  const { identity } = server.running;
  const first = await identity.signIn(ann.apiKey, { id: 'laptop', name: 'laptop' });
  let token = first.accessToken;
  using renewing = open(server.sync, name, () => token);
  using silent = open(server.sync, name, first.accessToken);
  await Promise.all([synced(renewing), synced(silent)]);
  server.advance(9 * MINUTE);
  token = (await identity.refresh(first.refreshToken)).accessToken;
  await renewing.provider.sendToken();
  await fund(server, ann, 1n);
  await Promise.all([level(server, renewing, ann), level(server, silent, ann)]);
  server.advance(2 * MINUTE);
  await soon('the silent reader is closed', () => silent.closes.some(({ code }) => code === 4401), 3_000);
  await fund(server, ann, 1n);
  await level(server, renewing, ann);
  expect(renewing.closes).toEqual([]);
  expect(headOf(silent.doc)?.seq).toBeLessThan(await journalHead(server, ann));
});

test('a foreign token over a living socket ends it', async () => {
  let token = await signIn(server, ann, 'laptop');
  using device = open(server.sync, bookName(ann.account), () => token);
  await synced(device);
  token = await signIn(server, bob, 'laptop');
  await device.provider.sendToken();
  await soon('the socket is ended', () => device.closes.length > 0);
  expect(device.closes[0]).toMatchObject({ code: 4401, reason: 'unauthenticated' });
});

test('frames that are no messages cost their sender the socket, and nobody else anything', async () => {
  using honest = open(server.sync, bookName(ann.account), await signIn(server, ann, 'laptop'));
  await synced(honest);
  const closeOf = async (send: (device: RawDevice) => void) => {
    using device = await new RawDevice(server.sync).opened();
    send(device);
    return await soon('the socket is closed', () => device.closed);
  };
  expect(await closeOf(({ ws }) => ws.send('text'))).toMatchObject({ code: 1003 });
  expect(await closeOf(({ ws }) => ws.send(new Uint8Array(256 * 1024 + 1)))).toMatchObject({ code: 1009 });
  expect(await closeOf(({ ws }) => ws.send(new Uint8Array(100 * 1024 * 1024)))).toMatchObject({ code: 1009 });
  expect(await closeOf(({ ws }) => ws.send(new Uint8Array([255, 255, 255])))).toMatchObject({ code: 4401 });
  expect(await closeOf((device) => device.say('__proto__', 0, 0))).toMatchObject({ code: 4401 });
  expect(
    await closeOf((device) => {
      for (let index = 0; index < 20; index += 1) device.say(`account:${index}:v1`, 0, 0, new Uint8Array(1));
    }),
  ).toMatchObject({ code: 4205 });
  await fund(server, ann, 1n);
  await level(server, honest, ann);
  expect(honest.closes).toEqual([]);
});

test('one socket holds so many documents and no more', async () => {
  const token = await signIn(server, ann, 'laptop');
  using device = await new RawDevice(server.sync).opened();
  const answers = () => device.received.filter(({ type }) => type === 2);
  for (let index = 0; index <= MAX_DOCUMENTS; index += 1) {
    // One document under many session names, as session-aware providers have them.
    device.authenticate(`${bookName(ann.account)}\0s${index}`, token);
    await soon('it is answered', () => answers().length === index + 1);
  }
  expect(answers().at(-1)?.text).toBe('too-many-documents');
  expect(answers().filter(({ text }) => text === 'too-many-documents')).toHaveLength(1);
  expect(device.closed).toBeNull();
});

test('a device that says more than a device can is closed', async () => {
  const name = bookName(ann.account);
  using flooding = await new RawDevice(server.sync).opened();
  flooding.authenticate(name, await signIn(server, ann, 'laptop'));
  await soon('the document is open', () => flooding.received.some(({ type }) => type === 2));
  for (let index = 0; index < 2_000; index += 1) flooding.say(name, 3);
  await soon('the socket is closed', () => flooding.closed);
  expect(flooding.closed).toEqual({ code: 4429, reason: 'rate limited' });
  using large = await new RawDevice(server.sync).opened();
  for (let index = 0; index < 30; index += 1) large.say(name, 0, 2, new Uint8Array(200 * 1024));
  await soon('the socket is closed', () => large.closed);
  expect(large.closed?.code).toBe(4205);
});

test('an accepted device that turns to nonsense loses the document, and the server lives', async () => {
  const name = bookName(ann.account);
  const token = await signIn(server, ann, 'laptop');
  const endOf = async (...message: [type: number, ...rest: (number | string | Uint8Array)[]]) => {
    using device = await new RawDevice(server.sync).opened();
    device.authenticate(name, token);
    await soon('the document is open', () => device.received.some(({ type }) => type === 2));
    device.say(name, ...message);
    return await soon('the document is closed', () => device.received.find(({ type }) => type === 7)?.text);
  };
  // stateless, broadcast, status, an unknown type; a sync message of an unknown kind; broken awareness.
  expect(await endOf(5, 'hello')).toBe('permission-denied');
  expect(await endOf(6, 'hello')).toBe('permission-denied');
  expect(await endOf(8, 1)).toBe('permission-denied');
  expect(await endOf(77)).toBe('permission-denied');
  await endOf(0, 9, new Uint8Array(3));
  await endOf(0, 0, new Uint8Array([255, 255, 255, 255]));
  await endOf(0, 1, new Uint8Array([255, 255, 255, 255]));
  await endOf(1, new Uint8Array([1, 1, 1, 3, 123, 123, 123]));
  using device = open(server.sync, name, token);
  await level(server, device, ann);
});

test('a device beats for itself only', async () => {
  const name = bookName(ann.account);
  using one = open(server.sync, name, await signIn(server, ann, 'laptop'));
  using two = open(server.sync, name, await signIn(server, ann, 'phone'));
  await Promise.all([synced(one), synced(two)]);
  const statesAt = (device: Device) =>
    [...(device.provider.awareness?.getStates().keys() ?? [])].toSorted((a, b) => a - b);
  const both = [one.doc.clientID, two.doc.clientID].toSorted((a, b) => a - b);
  // The protocol counts a state from its second beat on.
  for (const device of [one, two]) device.provider.awareness?.setLocalState({});
  await soon('both see both', () => statesAt(one).length === 2 && statesAt(two).length === 2);
  expect(statesAt(one)).toEqual(both);
  const { awareness } = two.provider;
  // The other device's id with a higher clock, and a third that nobody is.
  awareness?.states.set(one.doc.clientID, { forged: true });
  awareness?.meta.set(one.doc.clientID, { clock: 99, lastUpdated: Date.now() });
  awareness?.states.set(4711, { forged: true });
  awareness?.meta.set(4711, { clock: 1, lastUpdated: Date.now() });
  awareness?.emit('update', [{ added: [4711], updated: [one.doc.clientID], removed: [] }, 'local']);
  awareness?.setLocalState({ after: true });
  await soon(
    'the honest beat arrives',
    () => one.provider.awareness?.getStates().get(two.doc.clientID)?.after,
  );
  expect(statesAt(one)).toEqual(both);
  expect(one.provider.awareness?.getStates().get(one.doc.clientID)).not.toHaveProperty('forged');
});
