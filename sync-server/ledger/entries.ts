// Reading an account's entries from its journal: newest first, filtered, page by page or all in a stream. Rows of a
// journal have gap-free numbers and rising times, so a place in time is found by halving, without an index.
import { setImmediate as breathe } from 'node:timers/promises';
import { Entry } from '../../shared/account.ts';
import type { Ms } from '../../shared/time.ts';
import type { Database, Row } from './storage/database.ts';

/** Journal rows read at once: few enough that other requests never wait for a long history. */
const WINDOW = 500;

/** Rows without an entry that are passed over among those that are read at once. */
const SPARE = 16;

const ENTRY = { sqlite: "patch -> '$.recent'", postgres: "(patch::json -> 'recent')::text" };
/** The id of a refusal, for rows that are one: word for word as the index `journal_refusal` has it. */
export const REFUSED_ID = {
  sqlite: "patch ->> '$.recent.type' = 'refused' AND patch ->> '$.recent.id'",
  // What cannot be a refusal is not read as JSON.
  postgres: `strpos(patch, '"type":"refused"') > 0 AND patch::json #>> '{recent,type}' = 'refused'
    AND (patch::json #>> '{recent,id}')`,
};

/** Which entries are wanted; what is not named matches all. */
export interface EntryFilter {
  types?: readonly string[];
  services?: readonly string[];
  /** First instant. */
  from?: Ms;
  /** First instant after the wanted ones. */
  to?: Ms;
  /** A part of any text that an entry shows, whatever its case. */
  q?: string;
}

/** An entry with the journal row that holds it. */
export interface StoredEntry {
  seq: number;
  entry: Entry;
}

function stored(row: Row): StoredEntry {
  return { seq: Number(row['seq']), entry: Entry.parse(JSON.parse(String(row['entry']))) };
}

function matches(entry: Entry, { types, services, from, to, q }: EntryFilter): boolean {
  if (types && !types.includes(entry.type)) return false;
  if (services && !services.includes(entry.service)) return false;
  if (from !== undefined && entry.at < from) return false;
  if (to !== undefined && entry.at >= to) return false;
  if (q === undefined) return true;
  const { id, type, service, status, amount, ref, code } = entry;
  const text = [id, type, service, status, amount, ref, code].join('\n').toLowerCase();
  return text.includes(q.toLowerCase());
}

/** The last entry in or before a journal row; null when there is none. */
async function entryUpTo(database: Database, account: string, seq: number): Promise<StoredEntry | null> {
  const [row] = await database.read(
    `SELECT seq, ${ENTRY[database.engine]} AS entry FROM journal
     WHERE account = $1 AND seq <= $2 AND private_digest IS NOT NULL ORDER BY seq DESC LIMIT 1`,
    [account, seq],
  );
  return row ? stored(row) : null;
}

/** The first journal row from which on no entry is before `at`. */
async function seqFrom(database: Database, account: string, head: number, at: Ms): Promise<number> {
  let [low, high] = [1, head + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await entryUpTo(database, account, middle);
    if (found && found.entry.at >= at) high = middle;
    else low = middle + 1;
  }
  return low;
}

async function headOf(database: Database, account: string): Promise<number> {
  const [row] = await database.read('SELECT seq FROM account WHERE id = $1', [account]);
  return Number(row?.['seq'] ?? 0);
}

/**
 * All wanted entries, newest first, some at a time; what is committed meanwhile is not among them.
 * @param before only entries of journal rows before this one
 * @param few entries to read at first; more each time, as long as too little is found
 */
export async function* entriesOf(
  database: Database,
  account: string,
  filter: EntryFilter,
  before: number = Number.MAX_SAFE_INTEGER,
  few: number = WINDOW,
): AsyncGenerator<StoredEntry[], void> {
  const head = await headOf(database, account);
  const { from, to } = filter;
  const first = from === undefined ? 1 : await seqFrom(database, account, head, from);
  const end = to === undefined ? head + 1 : await seqFrom(database, account, head, to);
  let upper = Math.min(end, before);
  for (let size = few; upper > first; size = Math.min(WINDOW, size * 2)) {
    const most = Math.min(WINDOW, size);
    const lower = Math.max(first, upper - most - SPARE);
    const rows = await database.read(
      `SELECT seq, ${ENTRY[database.engine]} AS entry FROM journal
       WHERE account = $1 AND seq >= $2 AND seq < $3 AND private_digest IS NOT NULL ORDER BY seq DESC LIMIT $4`,
      [account, lower, upper, most],
    );
    const found = rows.map(stored);
    const last = found.length === most ? found.at(-1) : undefined;
    const wanted = found.filter(({ entry }) => matches(entry, filter));
    if (wanted.length > 0) yield wanted;
    upper = last?.seq ?? lower;
    // SQLite answers at once: others get their turn between two windows.
    await breathe();
  }
}

/** The next `limit` wanted entries, newest first. */
export async function pageOfEntries(
  database: Database,
  account: string,
  filter: EntryFilter,
  { before, limit }: { before?: number; limit: number },
): Promise<StoredEntry[]> {
  const page: StoredEntry[] = [];
  // Rows without an entry are few: most pages are full with the first look.
  for await (const found of entriesOf(database, account, filter, before, limit)) {
    page.push(...found.slice(0, limit - page.length));
    if (page.length === limit) break;
  }
  return page;
}

/** One entry by its transaction id; null when this account has none such. */
export async function findEntry(
  database: Database,
  account: string,
  id: string,
): Promise<StoredEntry | null> {
  const { engine } = database;
  const [transfer] = await database.read('SELECT at FROM transfer WHERE id = $1 AND account = $2', [
    id,
    account,
  ]);
  if (!transfer) {
    const [row] = await database.read(
      `SELECT seq, ${ENTRY[engine]} AS entry FROM journal
       WHERE account = $1 AND private_digest IS NOT NULL AND ${REFUSED_ID[engine]} = $2`,
      [account, id],
    );
    return row ? stored(row) : null;
  }
  const head = await headOf(database, account);
  // A transfer's entry is committed with it; what was due carries an earlier time than its commit.
  const until = await firstCommitAfter(database, account, head, Number(transfer['at']));
  for (let upper = until; upper > 1; upper -= WINDOW) {
    const rows = await database.read(
      `SELECT seq, at, ${ENTRY[engine]} AS entry FROM journal
       WHERE account = $1 AND seq >= $2 AND seq < $3 AND private_digest IS NOT NULL ORDER BY seq DESC`,
      [account, upper - WINDOW, upper],
    );
    const found = rows.map(stored).find(({ entry }) => entry.id === id);
    if (found) return found;
    if (rows.some((row) => Number(row['at']) < Number(transfer['at']))) return null;
  }
  return null;
}

/** The first journal row that was committed after `at`. */
async function firstCommitAfter(database: Database, account: string, head: number, at: Ms): Promise<number> {
  let [low, high] = [1, head + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await database.read('SELECT at FROM journal WHERE account = $1 AND seq = $2', [
      account,
      middle,
    ]);
    if (Number(row?.['at']) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
