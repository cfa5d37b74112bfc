// Pages of history on the real protocol: every entry once, sealed pages for good, chains that a device can recompute.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_HASH } from '../../shared/chain.ts';
import { bookName, pageName } from '../../shared/documents.ts';
import { type ChainedEntry, PAGE_SIZE, type PageHead, verifyPage } from '../../shared/proof.ts';
import { MAX_PAGES } from '../../sync-server/sync/limits.ts';
import { type Device, entriesOf, headOf, open, sha, soon } from './lib/device.ts';
import { addEntries } from './lib/history.ts';
import { type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';

const ENTRIES = 2 * PAGE_SIZE + 190;

let server: TestServer;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  server = await startTestServer();
  ann = await register(server, 'Ann');
  bob = await register(server, 'Bob');
  await addEntries(server, ann, ENTRIES);
});
afterAll(() => server[Symbol.asyncDispose]());

const token = () => signIn(server, ann, 'laptop');
const page = (k: number, bearer: string, over?: Device) =>
  open(server.sync, pageName(ann.account, k), bearer, over ? { over } : {});
const chained = ({ doc }: Device) => doc.getArray<ChainedEntry>('entries').toArray();
const prevOf = ({ doc }: Device) => doc.getMap<PageHead>('page').get('value')?.prev;
const isHere = (device: Device, count: number) =>
  soon(`${count} entries are here`, () => device.provider.isSynced && chained(device).length === count);

test('pages hold every entry once, their chains hold and meet, and the last one ends where the book does', async () => {
  const bearer = await token();
  using book = open(server.sync, bookName(ann.account), bearer);
  await soon('the book is here', () => headOf(book.doc)?.n === ENTRIES);
  let prev: string | undefined = NO_HASH;
  let n = 0;
  const all: ChainedEntry[] = [];
  for (const [k, count] of [PAGE_SIZE, PAGE_SIZE, 190].entries()) {
    using device = page(k, bearer, book);
    await isHere(device, count);
    expect(prevOf(device)).toBe(prev);
    const verdict = await verifyPage({ k, prev: prev ?? '' }, chained(device));
    expect(verdict.ok).toBe(true);
    prev = verdict.ok ? verdict.hash : undefined;
    for (const entry of chained(device)) expect(entry.n).toBe((n += 1));
    all.push(...chained(device));
  }
  expect(prev).toBe(headOf(book.doc)?.hash);
  const newest = all.slice(-entriesOf(book.doc).length);
  expect(newest).toMatchObject(entriesOf(book.doc));
});

test('the running page grows live, ends at 500, and the next one goes on; live or rebuilt, the bytes are the same', async () => {
  const bearer = await token();
  using running = page(2, bearer);
  using next = page(3, bearer, running);
  await isHere(running, 190);
  await soon('the next page is empty', () => next.provider.isSynced && chained(next).length === 0);
  for (const count of [1, 9, 90]) await addEntries(server, ann, count);
  await isHere(running, 290);
  await addEntries(server, ann, 230);
  await isHere(running, PAGE_SIZE);
  await isHere(next, 20);
  expect(prevOf(next)).toBe(chained(running).at(-1)?.hash);
  const bytes = [sha(running.doc), sha(next.doc)];

  await server.restart();
  const again = await token();
  using sealed = page(2, again);
  using rebuilt = page(3, again, sealed);
  await isHere(sealed, PAGE_SIZE);
  await isHere(rebuilt, 20);
  expect([sha(sealed.doc), sha(rebuilt.doc)]).toEqual(bytes);
  await addEntries(server, ann, 1);
  await isHere(rebuilt, 21);
});

test('nobody opens another’s page, and one device only a few at a time', async () => {
  const bearer = await token();
  using foreign = open(server.sync, pageName(bob.account, 0), bearer);
  await soon('it is refused', () => foreign.denials.length > 0);
  expect(foreign.denials).toEqual(['permission-denied']);

  using first = page(0, bearer);
  await isHere(first, PAGE_SIZE);
  const more = Array.from({ length: MAX_PAGES }, (_, index) => page(index + 1, bearer, first));
  await soon('one is refused', () => more.some(({ denials }) => denials.length > 0));
  expect(more.flatMap(({ denials }) => denials)).toEqual(['too-many-documents']);
  for (const device of more) device[Symbol.dispose]();
});
