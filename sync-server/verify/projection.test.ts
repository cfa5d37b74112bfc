import { hash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { bookName } from '../../shared/documents.ts';
import { openLedger } from '../ledger/open.ts';
import { DEFAULT_RULES } from '../ledger/rules.ts';
import { createBooks } from '../sync/book.ts';
import { lineOf } from './findings.ts';
import { Life, tempPlace } from './rig.ts';
import { verify } from './verify.ts';

// Each verification starts threads of its own: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const CREDIT = 1_000_000n;
const place = tempPlace();
const silent = { warn: () => {}, error: () => {} };

beforeAll(async () => {
  const ledger = await openLedger({
    dataDir: place.dataDir,
    clock: { now: () => Date.now() },
    rules: DEFAULT_RULES,
  });
  const life = new Life(ledger);
  await life.open('u');
  await life.fund('u', 100n * CREDIT);
  for (let count = 0; count < 70; count += 1) await life.charge('u', `c${count}`, CREDIT);
  const books = createBooks(ledger, silent);
  const book = new Y.Doc();
  await books.load(book, 'u');
  await books.store(book, 'u');
  // The journal goes on behind the checkpoint.
  await life.charge('u', 'later', CREDIT);
  await ledger.close();
});
afterAll(() => place.remove());

async function found(): Promise<string[]> {
  const lines: string[] = [];
  await verify({
    place: { file: place.file },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: (finding) => lines.push(lineOf(finding)),
  });
  return lines;
}

/** Stores another state of the book, seals it as the server would, verifies, and puts the old one back. */
async function withBook(change: (book: Y.Doc) => void): Promise<string[]> {
  return await withState((sealed) => {
    const book = new Y.Doc();
    Y.applyUpdate(book, sealed.subarray(32));
    change(book);
    const state = Y.encodeStateAsUpdate(book);
    return Buffer.concat([hash('sha256', state, 'buffer'), state]);
  });
}

async function withState(change: (sealed: Uint8Array) => Uint8Array): Promise<string[]> {
  const before = state();
  write(change(before));
  try {
    return await found();
  } finally {
    write(before);
  }
}

function state(): Uint8Array {
  const db = new DatabaseSync(place.file, { readOnly: true });
  const row = db.prepare('SELECT state FROM checkpoint WHERE document = ?').get(bookName('u'));
  db.close();
  if (!(row?.['state'] instanceof Uint8Array)) throw new Error('no checkpoint');
  return row['state'];
}

function write(sealed: Uint8Array): void {
  const db = new DatabaseSync(place.file);
  db.prepare('UPDATE checkpoint SET state = ? WHERE document = ?').run(sealed, bookName('u'));
  db.close();
}

test('a stored book that says what the journal says is fine', async () => {
  expect(await found()).toEqual([]);
});

test('a stored book whose bytes changed is found', async () => {
  const flipped = await withState((sealed) => sealed.map((byte, at) => (at === 200 ? byte ^ 1 : byte)));
  expect(flipped).toEqual([expect.stringMatching(/^u seq \d+: I10: the stored book is damaged$/)]);
});

test.each([
  [
    'credits',
    (book: Y.Doc) => {
      const credits = book.getMap<Record<string, unknown>>('credits');
      credits.set('value', { ...credits.get('value'), available: '1000' });
    },
    'shows other credits than the journal',
  ],
  [
    'an entry',
    (book: Y.Doc) => {
      const recent = book.getArray<Record<string, unknown>>('recent');
      const entry = recent.get(10);
      recent.delete(10);
      recent.insert(10, [{ ...entry, amount: '-2' }]);
    },
    'shows another entry',
  ],
  ['the number of entries', (book: Y.Doc) => book.getArray('recent').delete(0), 'shows too few entries'],
  [
    'the head',
    (book: Y.Doc) => {
      const head = book.getMap<Record<string, unknown>>('head');
      head.set('value', { ...head.get('value'), hash: '0'.repeat(64) });
    },
    'has another head than the journal',
  ],
])('a stored book that lies about %s is found', async (_, change, text) => {
  const lines = await withBook(change);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`I10: the stored book ${text}`);
});

test('a stored book that is ahead of the journal is found', async () => {
  const db = new DatabaseSync(place.file);
  db.exec('UPDATE checkpoint SET seq = seq + 1000');
  const lines = await found();
  db.exec('UPDATE checkpoint SET seq = seq - 1000');
  db.close();
  expect(lines).toEqual([expect.stringMatching(/the stored book (is ahead|shows)/)]);
});
