import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { type Answer, type Credits, type Entry, Purchase } from '../../shared/account.ts';
import { briefPurchase } from '../ledger/brief.ts';
import type { JournalRow, Patch } from '../ledger/journal.ts';
import { LANES, VALUE } from './lanes.ts';
import { headOf, JournalGapError, project } from './project.ts';
import { answer, credits, crowd, entry, full, HEX, journal, purchase, wallets } from './test-journal.ts';

const sha = (book: Y.Doc) => createHash('sha256').update(Y.encodeStateAsUpdate(book)).digest('hex');
const reload = (book: Y.Doc) => {
  const next = new Y.Doc();
  Y.applyUpdate(next, Y.encodeStateAsUpdate(book));
  return next;
};

function oneByOne(rows: JournalRow[]): Y.Doc {
  const book = new Y.Doc();
  for (const row of rows) project(book, [row]);
  return book;
}

test('any batching, any cut by a checkpoint and any replica end in the same bytes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 160 }),
      fc.array(fc.record({ rows: fc.integer({ min: 1, max: 90 }), checkpoint: fc.boolean() }), {
        maxLength: 40,
      }),
      (kinds, cuts) => {
        const rows = journal(kinds.length, (index) => kinds[index] ?? 0);
        const replica = new Y.Doc();
        let book = new Y.Doc();
        book.on('update', (update) => Y.applyUpdate(replica, update));
        let at = 0;
        for (const cut of [...cuts, { rows: rows.length, checkpoint: false }]) {
          project(book, rows.slice(at, at + cut.rows));
          at = Math.min(rows.length, at + cut.rows);
          if (cut.checkpoint) {
            book = reload(book);
            book.on('update', (update) => Y.applyUpdate(replica, update));
          }
        }
        const expected = sha(oneByOne(rows));
        expect(sha(book)).toBe(expected);
        expect(sha(replica)).toBe(expected);
      },
    ),
    { numRuns: 60, seed: 20_260_101 },
  );
});

test('a row writes each lane it names once, under that lane and no other', () => {
  const rows = journal(40, (index) => index % 8);
  const book = oneByOne(rows);
  const writes = (root: keyof Patch) => rows.filter((row) => row.patch[root] !== undefined).length;
  const clocks = Object.fromEntries(
    Object.entries(LANES).map(([root, client]) => [root, Y.getState(book.store, client)]),
  );
  const lanes = Object.keys(LANES).filter((root) => root !== 'head') as (keyof Patch)[];
  expect(clocks).toEqual({ head: 40, ...Object.fromEntries(lanes.map((root) => [root, writes(root)])) });
  expect(Math.min(...lanes.map(writes))).toBeGreaterThan(0);
  expect(new Set(book.store.clients.keys())).toEqual(new Set(Object.values(LANES)));
});

const listOf = <Value>(book: Y.Doc, root: string) => book.getMap<Value[]>(root).get(VALUE) ?? [];

function projected(rows: JournalRow[]): Y.Doc {
  const book = new Y.Doc();
  for (let at = 0; at < rows.length; at += 500) project(book, rows.slice(at, at + 500));
  return reload(book);
}

function expectFull(book: Y.Doc): void {
  expect(book.getArray('recent').length).toBe(50);
  const lists = ['answers', 'purchases', 'withdrawals', 'clusters', 'notices'];
  expect(lists.map((root) => listOf(book, root).length)).toEqual([64, 70, 40, 120, 50]);
}

test('20,000 rows leave few structs', () => {
  const rows = journal(20_000, (index) => [1, 2, 4, 5, 6, 7, 3, 0][index % 8] ?? 0);
  const last = rows.at(-1);
  if (last) Object.assign(last.patch, full(20_000));
  const book = projected(rows);
  const structs = [...book.store.clients.values()].reduce((sum, list) => sum + list.length, 0);
  expect(structs).toBeLessThan(50);
  expect(headOf(book)).toMatchObject({ seq: 20_000, hash: HEX });
});

test('with every list full at once a book stays under 94 kB', () => {
  const book = projected(crowd());
  expectFull(book);
  expect(Y.encodeStateAsUpdate(book).byteLength).toBeLessThan(94_000);
});

test('the longest texts that the schemas allow leave it under 670 kB', () => {
  const long = (max: number) => '\u{1d11e}'.repeat(max / 2);
  const book = projected(
    crowd((patch) => {
      if (patch.purchases?.payment_url) patch.purchases.payment_url = long(2048);
      if (patch.withdrawals?.tx_url) patch.withdrawals.tx_url = long(2048);
      else if (patch.withdrawals) patch.withdrawals.reason = long(500);
      if (patch.clusters)
        Object.assign(patch.clusters, { name: long(200), device: long(100), reason: long(200) });
      if (patch.notices) patch.notices.facts = { a: long(256), b: long(256), c: long(256), d: long(256) };
      if (patch.recent) Object.assign(patch.recent, { ref: long(128), intent: long(64), code: long(64) });
      if (patch.answers) Object.assign(patch.answers, { intent: long(64), code: long(64) });
      if (patch.profile)
        Object.assign(patch, full(1_000, long(128)), {
          profile: { name: long(200), timezone: long(64), wallets: wallets(long(128)) },
        });
    }),
  );
  expectFull(book);
  expect(Y.encodeStateAsUpdate(book).byteLength).toBeLessThan(670_000);
});

test('the book reads as the fold of its rows', () => {
  const rows = journal(3, (index) => [1, 7, 3][index] ?? 0);
  const patch: Patch = { purchases: briefPurchase(purchase(1, 'settled')), credits: credits(4) };
  const settled = {
    account: 'a',
    seq: 4,
    at: 1_767_225_600_004,
    patch,
    n: 2,
    hash: HEX,
    private_digest: null,
  };
  const book = new Y.Doc();
  project(book, [...rows, settled]);
  expect(listOf(book, 'purchases').map((item) => Purchase.parse(item))).toEqual([purchase(1, 'settled')]);
  expect(book.getMap<Credits>('credits').get(VALUE)).toEqual(credits(4));
  expect(book.getArray<Entry>('recent').toArray()).toEqual([entry(1), entry(2)]);
  expect(book.getMap<Answer[]>('answers').get(VALUE)).toEqual([answer(3)]);
});

test('rows that are already there are skipped, a missing one is an error and changes nothing after it', () => {
  const rows = journal(6, () => 7);
  const book = new Y.Doc();
  project(book, rows.slice(0, 3));
  const before = sha(book);
  project(book, rows.slice(0, 3));
  expect(sha(book)).toBe(before);
  expect(() => project(book, rows.slice(4))).toThrow(JournalGapError);
  expect(sha(book)).toBe(before);
  project(book, rows);
  expect(sha(book)).toBe(sha(oneByOne(rows)));
});

test('a book keeps its own clientID, so that an update from elsewhere never makes it change its mind', () => {
  const book = new Y.Doc();
  const own = book.clientID;
  project(
    book,
    journal(5, () => 7),
  );
  expect(book.clientID).toBe(own);
});
