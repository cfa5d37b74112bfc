// The read-only feed, with y-websocket's own provider over real sockets: it reads books and pages, and writes nothing.
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { bookName, pageName, trayName } from '../../shared/documents.ts';
import type { ChainedEntry } from '../../shared/proof.ts';
import { MINUTE } from '../../shared/time.ts';
import { creditsOf, headOf, open, sha, soon } from './lib/device.ts';
import { follow as followOn } from './lib/follower.ts';
import { addEntries } from './lib/history.ts';
import { fund, type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';

let server: TestServer;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  server = await startTestServer();
  ann = await register(server, 'Ann');
  bob = await register(server, 'Bob');
  await fund(server, ann, 100n);
});
afterAll(() => server[Symbol.asyncDispose]());

const follow = (name: string, bearer: string) => followOn(server, name, bearer);
const token = () => signIn(server, ann, 'laptop');
const book = () => bookName(ann.account);

test('a book comes, and keeps coming, in the same bytes that a device of ours gets', async () => {
  const bearer = await token();
  using follower = follow(book(), bearer);
  await soon('the book is here', () => follower.provider.synced && headOf(follower.doc));
  expect(creditsOf(follower.doc)?.balance).toBe('100');
  expect(follower.provider.ws?.protocol).toBe('glance');
  using device = open(server.sync, book(), bearer);
  await fund(server, ann, 5n);
  await soon('both are level', () => creditsOf(follower.doc)?.balance === '105');
  await soon('both are level', () => creditsOf(device.doc)?.balance === '105');
  expect(sha(follower.doc)).toBe(sha(device.doc));
});

test('a page comes too, and a follower alone keeps its document up to date', async () => {
  await addEntries(server, bob, 30);
  using follower = follow(pageName(bob.account, 0), await signIn(server, bob, 'laptop'));
  const entries = () => follower.doc.getArray<ChainedEntry>('entries').toArray();
  await soon('the page is here', () => entries().length === 30);
  await addEntries(server, bob, 3);
  await soon('it goes on', () => entries().length === 33);
  expect(entries().map(({ n }) => n)).toEqual(Array.from({ length: 33 }, (_, index) => index + 1));
});

test('what a follower writes goes nowhere, its awareness neither', async () => {
  const bearer = await token();
  using device = open(server.sync, book(), bearer);
  await soon('the book is here', () => device.provider.isSynced && headOf(device.doc));
  const before = sha(device.doc);
  using evil = follow(book(), bearer);
  await soon('the book is here', () => evil.provider.synced && headOf(evil.doc));
  evil.doc.getMap('credits').set('value', { balance: '1000000' });
  evil.doc.getArray('recent').push([{ n: 99 }]);
  evil.provider.awareness.setLocalStateField('name', 'Eve');
  using late = follow(book(), bearer);
  await soon('the book is here', () => late.provider.synced && headOf(late.doc));
  expect(sha(late.doc)).toBe(before);
  expect(sha(device.doc)).toBe(before);
  expect([...(device.provider.awareness?.getStates().keys() ?? [])]).toEqual([device.doc.clientID]);
  expect(late.provider.awareness.getStates().size).toBe(1);
});

test('trays, documents of others, unknown ones and bad tokens are refused for good', async () => {
  const bearer = await token();
  const refused = {
    [trayName(ann.account, 'laptop')]: bearer,
    [bookName(bob.account)]: bearer,
    'account:nobody': bearer,
    '%E0%A4%A': bearer,
    [book()]: 'not-a-token',
    [pageName(ann.account, 0)]: ann.apiKey,
  };
  for (const [name, credential] of Object.entries(refused)) {
    using follower = follow(name, credential);
    const closed = new Promise((resolve) => follower.provider.on('closed', resolve));
    await closed;
    expect(follower.closes, name).toEqual([credential === 'not-a-token' ? 4401 : 4403]);
    expect(follower.doc.share.size, name).toBe(0);
  }
  // Without the subprotocol nothing is agreed on, and the token is read from nowhere else.
  const bare = new WebSocket(`${server.sync.replace(/\/sync$/, '/yjs')}/${book()}?token=${bearer}`);
  const [code] = await once(bare, 'close');
  expect(code).toBe(4401);
});

test('a token that ends, or is revoked, ends the feed', async () => {
  const bearer = await token();
  const phone = await signIn(server, ann, 'phone');
  using revoked = follow(book(), phone);
  await soon('the book is here', () => revoked.provider.synced);
  const { session } = await server.running.identity.verify(phone);
  await server.running.identity.revokeSession(session ?? '', ann.account);
  await soon('the feed is closed', () => revoked.closes.length > 0, 1_500);
  expect(revoked.closes).toEqual([4401]);

  using ended = follow(book(), bearer);
  await soon('the book is here', () => ended.provider.synced);
  server.advance(11 * MINUTE);
  await soon('the feed is closed', () => ended.closes.length > 0, 3_000);
  server.advance(-11 * MINUTE);
  expect(ended.closes).toEqual([4401]);
});

test('a restart is survived by the provider’s own means', async () => {
  using follower = follow(book(), await token());
  await soon('the book is here', () => follower.provider.synced && headOf(follower.doc));
  await server.restart();
  // The server has a new port: an address of a real server stays.
  follower.provider.serverUrl = server.sync.replace(/\/sync$/, '/yjs');
  await fund(server, ann, 7n);
  await soon('it goes on', () => creditsOf(follower.doc)?.balance !== '105');
  expect(creditsOf(follower.doc)?.balance).toBe('112');
});
