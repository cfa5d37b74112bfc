import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { bookName } from '../../shared/documents.ts';
import { DEFAULT_RULES } from '../ledger/decide.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { CHECKPOINT_EVERY, createBooks } from './book.ts';
import { headOf, project } from './project.ts';

const log = pino({ level: 'silent' });
const clock = { now: () => 1_767_225_600_000 };
let dataDir: string;
let ledger: Ledger;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-book-'));
  ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES });
});
afterAll(async () => {
  await ledger.close();
  await rm(dataDir, { recursive: true, force: true });
});

const SYSTEM = { principal: 'system', scope: 'system' } as const;
const FINANCE = { principal: 'finance', scope: 'finance' } as const;
let keys = 0;

async function open(account: string, grants: number): Promise<void> {
  await ledger.settle({ account, actor: SYSTEM, command: { kind: 'account.open', name: account } });
  await Promise.all(Array.from({ length: grants }, () => grow(account)));
}

/** One more journal row: free credit. */
async function grow(account: string): Promise<void> {
  const key = `book-test-${String((keys += 1)).padStart(8, '0')}`;
  const command = { kind: 'grant', id: key, amount: 5_000_000n, source: 'promo' } as const;
  const outcome = await ledger.settle({ account, actor: FINANCE, command, key });
  expect(outcome.ok).toBe(true);
}

const bytes = (book: Y.Doc) => hash('sha256', Y.encodeStateAsUpdate(book));

async function fromRows(account: string): Promise<string> {
  const book = new Y.Doc();
  for (const row of await ledger.journal(account, 0, 10_000)) project(book, [row]);
  return bytes(book);
}

async function checkpointOf(account: string) {
  const [row] = await ledger.database.read('SELECT seq, state FROM checkpoint WHERE document = $1', [
    bookName(account),
  ]);
  return row;
}

test('a book is what its rows say, also across batches of rows', async () => {
  await open('ann', 520);
  const books = createBooks(ledger, log);
  const book = new Y.Doc();
  await books.load(book, 'ann');
  expect(headOf(book)?.seq).toBeGreaterThan(500);
  expect(bytes(book)).toBe(await fromRows('ann'));
});

test('an account without rows has an empty book', async () => {
  const book = new Y.Doc();
  await createBooks(ledger, log).load(book, 'nobody');
  expect(headOf(book)).toBeNull();
  expect(Y.encodeStateAsUpdate(book)).toEqual(Y.encodeStateAsUpdate(new Y.Doc()));
});

test('a checkpoint is written once it saves enough, never one that is older, and loads to the same bytes', async () => {
  await open('bob', 3);
  const books = createBooks(ledger, log);
  const book = new Y.Doc();
  await books.load(book, 'bob');
  await books.store(book, 'bob');
  expect(await checkpointOf('bob')).toBeUndefined();
  const old = new Y.Doc();
  await books.load(old, 'bob');

  await Promise.all(Array.from({ length: CHECKPOINT_EVERY }, () => grow('bob')));
  await books.catchUp(book, 'bob');
  await books.store(book, 'bob');
  const seq = headOf(book)?.seq ?? 0;
  expect(Number((await checkpointOf('bob'))?.seq)).toBe(seq);
  await books.store(old, 'bob');
  expect(Number((await checkpointOf('bob'))?.seq)).toBe(seq);

  await grow('bob');
  const next = new Y.Doc();
  await createBooks(ledger, log).load(next, 'bob');
  expect(headOf(next)?.seq).toBe(seq + 1);
  expect(bytes(next)).toBe(await fromRows('bob'));
});

test('a checkpoint with one wrong bit is not believed', async () => {
  await open('eve', CHECKPOINT_EVERY);
  const books = createBooks(ledger, log);
  const book = new Y.Doc();
  await books.load(book, 'eve');
  await books.store(book, 'eve');
  const state = (await checkpointOf('eve'))?.state;
  if (!(state instanceof Uint8Array)) throw new Error('There is no checkpoint.');
  const damaged = Uint8Array.from(state);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  await ledger.database.write([
    { sql: 'UPDATE checkpoint SET state = $1 WHERE document = $2', params: [damaged, bookName('eve')] },
  ]);
  const next = new Y.Doc();
  await createBooks(ledger, log).load(next, 'eve');
  expect(bytes(next)).toBe(await fromRows('eve'));
});

test('many catch-ups while the journal grows: each sees what was committed before it was asked for', async () => {
  await open('zoe', 1);
  const books = createBooks(ledger, log);
  const book = new Y.Doc();
  await books.load(book, 'zoe');
  await Promise.all(
    Array.from({ length: 60 }, async () => {
      await grow('zoe');
      const committed = (await ledger.journal('zoe', 0, 10_000)).length;
      await books.catchUp(book, 'zoe');
      expect(headOf(book)?.seq).toBeGreaterThanOrEqual(committed);
    }),
  );
  expect(bytes(book)).toBe(await fromRows('zoe'));
});

test('a catch-up that fails leaves the book as it is, and the next one goes on', async () => {
  await open('max', 2);
  let fails = 0;
  const journal: Ledger['journal'] = (...asked) =>
    (fails += 1) === 2 ? Promise.reject(new Error('away')) : ledger.journal(...asked);
  const books = createBooks({ journal, database: ledger.database }, log);
  const book = new Y.Doc();
  await books.load(book, 'max');
  await grow('max');
  const failing = books.catchUp(book, 'max');
  const behind = books.catchUp(book, 'max');
  await expect(failing).rejects.toThrow('away');
  await behind;
  expect(bytes(book)).toBe(await fromRows('max'));
});
