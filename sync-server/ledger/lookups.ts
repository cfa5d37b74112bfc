// Reading records that callers ask for by name: whose they are, what became of them, and lists of them.
import type { JsonObject, Outcome } from './command.ts';
import type { Database } from './storage/database.ts';
import type { RecordKind, RecordOf } from './records.ts';
import { recordFrom, textOf } from './storage/rows.ts';

const COLUMNS = 'account, kind, id, open, links, body';

export interface Listed<K extends RecordKind> {
  account: string;
  record: RecordOf<K>;
}

function typed<K extends RecordKind>(kind: K, row: Record<string, unknown>): RecordOf<K> | null {
  const record = recordFrom(row);
  // The kind decides the body, which the compiler cannot follow.
  return record.kind === kind ? (record as RecordOf<K>) : null;
}

/** One record of an account; null when it has none of that kind and id. */
export async function findRecord<K extends RecordKind>(
  database: Database,
  account: string,
  kind: K,
  id: string,
): Promise<RecordOf<K> | null> {
  const [row] = await database.read(
    `SELECT ${COLUMNS} FROM record WHERE account = $1 AND kind = $2 AND id = $3`,
    [account, kind, id],
  );
  return row ? typed(kind, row) : null;
}

/** Which account a record with an id of the ledger's own belongs to; null when there is none. */
export async function accountOf(
  database: Database,
  kind: 'withdrawal' | 'suspense' | 'deployment',
  id: string,
): Promise<string | null> {
  // The kind and `open` stand in the text, so that the partial indexes can serve them.
  const [row] = await database.read(`SELECT account FROM record WHERE kind = '${kind}' AND id = $1`, [id]);
  return row ? textOf(row, 'account') : null;
}

interface Wanted {
  account?: string;
  open?: boolean;
  before?: string;
  limit: number;
}

async function listAll<K extends 'withdrawal' | 'suspense'>(
  database: Database,
  kind: K,
  { account, open, before, limit }: Wanted,
): Promise<Listed<K>[]> {
  const params: (string | number)[] = [];
  const bind = (value: string | number) => `$${params.push(value)}`;
  // The kind and `open` stand in the text, so that the partial indexes can serve them.
  const where = [`kind = '${kind}'`];
  if (account !== undefined) where.push(`account = ${bind(account)}`);
  if (open !== undefined) where.push(`open = ${open ? 1 : 0}`);
  if (before !== undefined) where.push(`id < ${bind(before)}`);
  const rows = await database.read(
    `SELECT ${COLUMNS} FROM record WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ${bind(limit)}`,
    params,
  );
  return rows.flatMap((row) => {
    const record = typed(kind, row);
    return record ? [{ account: textOf(row, 'account'), record }] : [];
  });
}

/** Withdrawals, newest first, of one account or of all; `before` is the id of the last one already seen. */
export function listWithdrawals(database: Database, wanted: Wanted): Promise<Listed<'withdrawal'>[]> {
  return listAll(database, 'withdrawal', wanted);
}

/** Payments that match no open purchase, newest first; open ones wait to be matched. */
export function listSuspense(database: Database, wanted: Wanted): Promise<Listed<'suspense'>[]> {
  return listAll(database, 'suspense', wanted);
}

/**
 * Records of a kind that an account has, newest id first; `before` is the id of the last one already seen, `open` asks
 * only for those that something may still happen to.
 */
export async function listRecords<K extends RecordKind>(
  database: Database,
  account: string,
  kind: K,
  { before, open = false, limit }: { before?: string; open?: boolean; limit: number },
): Promise<RecordOf<K>[]> {
  const rows = await database.read(
    `SELECT ${COLUMNS} FROM record WHERE account = $1 AND kind = $2 AND id < $3 ${open ? 'AND open = 1' : ''}
     ORDER BY id DESC LIMIT $4`,
    // Behind every id of ours and every id that a caller may give.
    [account, kind, before ?? '~', limit],
  );
  return rows.flatMap((row) => typed(kind, row) ?? []);
}

/** What a principal's order under this key was answered; null for a new key and for a refusal. */
export async function answerUnder(
  database: Database,
  principal: string,
  key: string,
): Promise<JsonObject | null> {
  const [row] = await database.read('SELECT outcome FROM idempotency WHERE scope = $1 AND key = $2', [
    principal,
    key,
  ]);
  if (!row) return null;
  // Our own encoding of an Outcome, as the ledger wrote it into the key's row.
  const outcome = JSON.parse(textOf(row, 'outcome')) as Outcome;
  return outcome.ok ? outcome.answer : null;
}
