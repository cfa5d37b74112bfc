// The hash chain as the journal holds it: entries with their hashes, from any place on, and the proof of one of them.
import { ChainedEntry, type EntryProof } from '../../shared/proof.ts';
import { Entry } from '../../shared/account.ts';
import { NO_HASH } from '../../shared/chain.ts';
import { findEntry } from './entries.ts';
import type { Database, Row } from './storage/database.ts';
import { textOf } from './storage/rows.ts';

/** Journal rows looked at in one query. */
const WINDOW = 2_000;

const ENTRY = { sqlite: "patch -> '$.recent'", postgres: "(patch::json -> 'recent')::text" };

/** How far a reader of the chain is: the journal row up to which everything was seen, and the hash there. */
export interface ChainPlace {
  seq: number;
  hash: string;
}

/**
 * The place after entry `n`: its row, or a later one before entry n+1. Null while the journal has no such entry.
 * @throws StorageError
 */
export async function placeAfter(database: Database, account: string, n: number): Promise<ChainPlace | null> {
  if (n === 0) return { seq: 0, hash: NO_HASH };
  const [head] = await database.read('SELECT seq, n FROM account WHERE id = $1', [account]);
  if (!head || Number(head['n']) < n) return null;
  // Entries are rows, so entry n stands in row n or later; the count never falls, so halving finds it.
  let [low, high] = [n, Number(head['seq'])];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await rowAt(database, account, middle);
    if (Number(row?.['n']) >= n) high = middle;
    else low = middle + 1;
  }
  const row = await rowAt(database, account, low);
  return row ? { seq: low, hash: textOf(row, 'hash') } : null;
}

async function rowAt(database: Database, account: string, seq: number): Promise<Row | undefined> {
  const [row] = await database.read('SELECT n, hash FROM journal WHERE account = $1 AND seq = $2', [
    account,
    seq,
  ]);
  return row;
}

/**
 * The next entries after a journal row, at most `limit` of them and of 2,000 rows; `seq` is the row up to which nothing
 * is left out, the same as `after` when the journal ends there.
 * @throws StorageError
 */
export async function chainedAfter(
  database: Database,
  account: string,
  after: number,
  limit: number,
): Promise<{ entries: ChainedEntry[]; seq: number }> {
  const [head] = await database.read('SELECT seq FROM account WHERE id = $1', [account]);
  const until = Math.min(Number(head?.['seq'] ?? 0), after + WINDOW);
  if (until <= after) return { entries: [], seq: after };
  const rows = await database.read(
    `SELECT seq, hash, private_digest, ${ENTRY[database.engine]} AS entry FROM journal
     WHERE account = $1 AND seq > $2 AND seq <= $3 AND private_digest IS NOT NULL ORDER BY seq LIMIT $4`,
    [account, after, until, limit],
  );
  const entries = rows.map((row) =>
    ChainedEntry.parse({
      ...Entry.parse(JSON.parse(textOf(row, 'entry'))),
      hash: textOf(row, 'hash'),
      private_digest: textOf(row, 'private_digest'),
    }),
  );
  return { entries, seq: rows.length === limit ? Number(rows.at(-1)?.['seq']) : until };
}

/** Everything that the hash of one entry is made of; null when the account has no such transaction. @throws StorageError */
export async function proofOf(database: Database, account: string, id: string): Promise<EntryProof | null> {
  const found = await findEntry(database, account, id);
  if (!found) return null;
  const { entry, seq } = found;
  const rows = await database.read(
    'SELECT seq, hash, private_digest FROM journal WHERE account = $1 AND seq IN ($2, $3) ORDER BY seq',
    [account, seq - 1, seq],
  );
  const [head] = await database.read('SELECT seq, n, hash FROM account WHERE id = $1', [account]);
  const own = rows.at(-1);
  if (!own || !head) return null;
  const before = rows.length === 2 ? rows[0] : undefined;
  return {
    entry,
    private_digest: textOf(own, 'private_digest'),
    prev: before ? textOf(before, 'hash') : NO_HASH,
    hash: textOf(own, 'hash'),
    head: { seq: Number(head['seq']), n: Number(head['n']), hash: textOf(head, 'hash') },
  };
}
