// The replica against a real Hocuspocus server and a real (in-memory) IndexedDB: live, offline, restarted, healed.
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { Credits } from '../../shared/account.ts';
import { bookName } from '../../shared/documents.ts';
import { createAuthHttp } from './auth-http.ts';
import { type Book, openBook } from './book.ts';
import { wipeOtherDocuments } from './databases.ts';
import { DEVICE_DATABASE, type DeviceStore, openDeviceStore } from './device-store.ts';
import { type KeyedStore, openKeyedStore } from './keyed-store.ts';
import { createLookup } from './lookup.ts';
import { openProposalStore } from './proposal-store.ts';
import { Replica } from './replica.ts';
import type { ReplicaView } from './replica-view.ts';
import { Session } from './session.ts';
import { openTray } from './tray.ts';
import { ACCOUNT, API_KEY, startTestServer, type TestServer } from './test-server.ts';

const entry = (n: number) => ({
  n,
  id: `e${n}`,
  at: 1_795_000_000_000 + n,
  service: 'vm',
  type: 'usage',
  amount: '-1',
  balance: '99',
  status: 'completed',
});

let server: TestServer;
let keyed: KeyedStore;
let store: DeviceStore;
let releases: (() => void)[] = [];
let views: (ReplicaView | null)[] = [];
const clock = { now: () => Date.now() };
const last = () => views.at(-1);
const creditsOf = (view: ReplicaView | null | undefined) =>
  z.nullable(Credits).parse(view?.book?.section('credits') ?? null);
const until = (check: () => boolean | undefined) =>
  vi.waitFor(() => expect(check()).toBe(true), { timeout: 5_000, interval: 5 });

// A worker that another one follows is dead: it does not notice what happens to databases.
const unnoticed = () => {};
function boot(
  open: (account: string, epoch: number) => Promise<Book> = (account, epoch) =>
    openBook(account, epoch, unnoticed),
): { replica: Replica; session: Session } {
  // A replica of an earlier test may still be falling asleep.
  const mine = views;
  const session = new Session({ auth: createAuthHttp({ fetch, clock }), store, clock });
  const replica = new Replica({
    session,
    proposals: openProposalStore(keyed),
    openBook: open,
    isReadable: ({ section }) => z.safeParse(z.nullable(Credits), section('credits')).success,
    openTray: (account, device, epoch) => openTray(account, device, epoch, unnoticed),
    wipeOthers: (record) => wipeOtherDocuments(indexedDB, record),
    lookup: createLookup({ fetch }),
    WebSocket,
    clock,
    random: () => 0,
    restAfter: 50,
    publish: (view) => mine.push(view),
  });
  return { replica, session };
}

async function signedIn() {
  const booted = boot();
  await booted.replica.start(null);
  releases.push(booted.replica.hold());
  expect(await booted.replica.signIn(server.address, API_KEY, 'Laptop')).toBeNull();
  await until(() => last()?.connection === 'live');
  return booted;
}

beforeEach(async () => {
  indexedDB = new IDBFactory();
  views = [];
  keyed = openKeyedStore(DEVICE_DATABASE);
  store = openDeviceStore(keyed);
  server = await startTestServer();
});
afterEach(async () => {
  for (const release of releases.splice(0)) release();
  await server.stop();
});

test('a new account is live and empty; then every commit arrives', async () => {
  await signedIn();
  expect(last()).toMatchObject({
    connection: 'live',
    account_id: ACCOUNT,
  });
  expect(creditsOf(last())).toBeNull();
  expect(last()?.book?.recent()).toEqual([]);
  server.setCredits({ balance: '100', seq: 1 });
  server.append(entry(1));
  await until(() => last()?.book?.recent().length === 1);
  expect(creditsOf(last())?.balance).toBe('100');
  expect(last()?.confirmed_at).toBeGreaterThan(Date.now() - 5_000);
});

test('a stopped server makes it offline with the numbers kept; it comes back by itself', async () => {
  server.setCredits({ balance: '100' });
  await signedIn();
  const confirmed = last()?.confirmed_at ?? 0;
  await server.stop();
  await until(() => last()?.connection === 'offline');
  expect(creditsOf(last())?.balance).toBe('100');
  expect(last()?.confirmed_at).toBeGreaterThanOrEqual(confirmed);
  server.setCredits({ balance: '42' });
  await server.start();
  await until(() => last()?.connection === 'live' && creditsOf(last())?.balance === '42');
});

test('after a restart without a network the numbers stand at once, with their time', async () => {
  server.setCredits({ balance: '100' });
  const { replica } = await signedIn();
  releases.pop()?.();
  const shown = replica.view;
  await server.stop();
  const second = boot();
  await second.replica.start(shown);
  expect(creditsOf(second.replica.view)?.balance).toBe('100');
  expect(second.replica.view?.confirmed_at).toBe(shown?.confirmed_at);
  expect(await second.replica.syncOnce()).toBe(false);
  expect(second.replica.view).toMatchObject({ connection: 'offline', confirmed_at: shown?.confirmed_at });
});

test('nobody looks: it rests; an alarm syncs once and rests again', async () => {
  const { replica } = await signedIn();
  releases.pop()?.();
  await until(() => last()?.connection === 'resting');
  server.setCredits({ balance: '7' });
  expect(replica.view?.book).toBeNull();
  expect(await replica.syncOnce()).toBe(true);
  expect(replica.view?.connection).toBe('live');
  expect(creditsOf(replica.view)?.balance).toBe('7');
  await until(() => last()?.connection === 'resting');
});

test('signed out by the server: it says so, keeps the numbers, and asks no more', async () => {
  server.setCredits({ balance: '100' });
  await signedIn();
  server.refreshes = 'refuse';
  server.distrust();
  await until(() => last()?.connection === 'signed_out');
  expect(creditsOf(last())?.balance).toBe('100');
  const asked = server.presented.length;
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(server.presented).toHaveLength(asked);
});

test('an access token that the server no longer takes is renewed, and the connection comes back', async () => {
  await signedIn();
  server.distrust();
  await until(() => last()?.connection === 'offline');
  await until(() => last()?.connection === 'live');
  expect(server.presented).toEqual(['refresh-1']);
});

test('bytes that the server never wrote do not survive: the book is cloned again', async () => {
  server.setCredits({ balance: '100' });
  const { replica, session } = await signedIn();
  releases.pop()?.();
  await until(() => last()?.connection === 'resting');
  const forged = await openBook(ACCOUNT, session.record?.epoch ?? 0, () => {});
  forged.doc.getMap('credits').set('value', { balance: '777777' });
  await forged.close();
  const second = boot();
  await second.replica.start(replica.view);
  releases.push(second.replica.hold());
  await until(() => second.session.record?.epoch === (session.record?.epoch ?? 0) + 1);
  await until(() => last()?.connection === 'live' && creditsOf(last())?.balance === '100');
  const third = boot();
  await third.replica.start(second.replica.view);
  expect(creditsOf(third.replica.view)?.balance).toBe('100');
  const books = (await indexedDB.databases()).filter(({ name }) => name?.startsWith('book/'));
  expect(books).toEqual([expect.objectContaining({ name: `book/${bookName(ACCOUNT)}#2` })]);
});

test('a database that cannot be opened is left behind, and the book cloned again', async () => {
  server.setCredits({ balance: '100' });
  const { session } = await signedIn();
  const epoch = session.record?.epoch ?? 0;
  releases.pop()?.();
  await until(() => last()?.connection === 'resting');
  const second = boot((account, wanted) =>
    wanted === epoch ? Promise.reject(new Error('damaged')) : openBook(account, wanted, unnoticed),
  );
  await second.replica.start(null);
  expect(second.session.record?.epoch).toBe(epoch + 1);
  expect(await second.replica.syncOnce()).toBe(true);
  expect(creditsOf(second.replica.view)?.balance).toBe('100');
});

test('credits that this release cannot read are no zero: the numbers stay unconfirmed', async () => {
  server.setCredits({ balance: 'a new kind of amount' });
  const { replica } = boot();
  await replica.start(null);
  releases.push(replica.hold());
  await replica.signIn(server.address, API_KEY, 'Laptop');
  await until(() => last()?.connection === 'offline');
  expect(last()).toMatchObject({ book: null, confirmed_at: null });
  server.setCredits({ balance: '5' });
  await until(() => last()?.connection === 'live' && creditsOf(last())?.balance === '5');
});

test('a person signs out: nothing is left but the address', async () => {
  server.setCredits({ balance: '100' });
  const { replica, session } = await signedIn();
  expect(await replica.signOut(false)).toBe(0);
  expect(last()).toBeNull();
  expect(session.record).toMatchObject({ tokens: null, account_id: null, server: server.address });
  expect((await indexedDB.databases()).filter(({ name }) => name?.startsWith('book/'))).toEqual([]);
});

test('the store of a book stays small however often it is opened', async () => {
  for (let opened = 0; opened < 100; opened += 1) {
    const book = await openBook(ACCOUNT, 1, () => {});
    book.doc.getMap('credits').set('value', { opened });
    await new Promise((resolve) => setTimeout(resolve, 0));
    await book.close();
  }
  const book = await openBook(ACCOUNT, 1, () => {});
  expect(book.doc.getMap('credits').get('value')).toEqual({ opened: 99 });
  await book.close();
  const request = indexedDB.open(`book/${bookName(ACCOUNT)}#1`);
  const database = await new Promise<IDBDatabase>(
    (resolve) => (request.onsuccess = () => resolve(request.result)),
  );
  const counted = database.transaction('updates').objectStore('updates').count();
  const records = await new Promise<number>((resolve) => (counted.onsuccess = () => resolve(counted.result)));
  expect(records).toBeLessThan(40);
  expect(Y.encodeStateAsUpdate(book.doc).length).toBeLessThan(3_000);
});
