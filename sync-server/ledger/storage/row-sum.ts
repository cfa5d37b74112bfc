// Checksums of the rows that answers are made of, on SQLite: a byte that a disk changed is met with a refusal, never
// believed. PostgreSQL has the same for whole pages (data_checksums).
import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Micros } from '../../../shared/money.ts';
import { DamagedError, DamagedIdentityError } from './database.ts';

type Value = string | number | bigint | null;

/** What the sum of a table's row is taken of, in this order. */
const SUMMED = {
  account: `t.id, t.seq, t.n, t.hash, t.at, t.facts, t.due_at,
    (SELECT group_concat(b.name || '=' || b.micros, ';' ORDER BY b.name || '=' || b.micros)
     FROM main.balance b WHERE b.account = t.id)`,
  record: 't.account, t.kind, t.id, t.open, t.links, t.body',
  transfer: `t.id, t.account, t.kind, t.at, t.meta,
    (SELECT group_concat(p.name || '=' || p.micros, ';' ORDER BY p.line) FROM main.posting p WHERE p.transfer = t.pk)`,
  journal: 't.account, t.seq, t.at, t.n, t.hash, t.private_digest, t.patch',
  idempotency: 't.scope, t.key, t.fingerprint, t.account, t.outcome, t.seq',
  // These two are summed by triggers (013).
  principal: 't.id, t.account, t.scope, t.name, t.services, t.cap, t.key_hash, t.created_at, t.revoked_at',
  session:
    't.id, t.principal, t.account, t.device, t.device_name, t.created_at, t.last_seen_at, t.revoked_at',
} as const;
type Table = keyof typeof SUMMED;
const TABLES = Object.keys(SUMMED) as Table[];

/** Sums that some rows carry beside: of what is written at another time, or only once. */
const BESIDE: Partial<Record<Table, { crc: string; of: string; where: string }>> = {
  account: { crc: 't.credits_crc', of: 't.id, t.credits_seq', where: '1' },
  record: {
    crc: 't.answer_crc',
    of: 't.account, t.kind, t.id, t.answer_scope, t.answer_fingerprint, t.answer, t.answer_seq',
    where: 'coalesce(t.answer_crc, t.answer_scope, t.answer_fingerprint, t.answer, t.answer_seq) IS NOT NULL',
  },
};

/** Whose damage refuses one person's sign-in, and stops nobody else's money. */
const IDENTITY: ReadonlySet<string> = new Set<Table>(['principal', 'session']);

/** Rows that serve nobody any more: they may be told as ended, damaged or not. */
const ENDED: Partial<Record<Table, string>> = { session: 't.revoked_at IS NOT NULL' };

/** The sum of a row's values as a signed 32-bit integer; null counts as an empty text. */
export function rowSum(values: readonly Value[]): number {
  return crc32(values.join('\n')) | 0;
}

/** All balances of an account as one value of its row's sum, so that one that is gone is missed. */
export function balancesText(balances: ReadonlyMap<string, Micros>): string {
  const parts: string[] = [];
  for (const [name, micros] of balances) if (micros !== 0n) parts.push(`${name}=${micros}`);
  return parts.length > 1 ? parts.toSorted().join(';') : (parts[0] ?? '');
}

/** A transfer's postings, in line order, as one value of its row's sum. */
export function postingsText(postings: readonly { name?: unknown; micros?: unknown }[]): string {
  return postings.map(({ name, micros }) => `${String(name)}=${String(micros)}`).join(';');
}

/** @throws DamagedError when a row is not as it was written; DamagedIdentityError when only a sign-in stands in it. */
export function mustBeIntact(table: string, crc: unknown, values: readonly Value[]): void {
  if (typeof crc === 'bigint' ? BigInt(rowSum(values)) === crc : rowSum(values) === crc) return;
  const what = `a row of ${table} is not as it was written (${values.slice(0, 3).map(String).join(', ')})`;
  throw IDENTITY.has(table) ? new DamagedIdentityError(what) : new DamagedError(what);
}

const OPTIONS = { deterministic: true, varargs: true, useBigIntArguments: true } as const;

/** Gives a connection the functions that the migrations use: `row_sum`, and `intact`, which throws as mustBeIntact does. */
export function addRowSum(db: DatabaseSync): void {
  db.function('row_sum', OPTIONS, (...values) => rowSum(values as Value[]));
  db.function('intact', OPTIONS, (table, crc, ...values) => {
    mustBeIntact(String(table), crc, values as Value[]);
    return 1;
  });
}

/**
 * Lets a connection see the ledger's tables only row by row as they were written: views of the same names stand before
 * them, and reading a row that is not intact throws.
 */
export function readOnlyIntact(db: DatabaseSync): void {
  addRowSum(db);
  // In the condition of a join with one row, the look at a row comes after all that a question asks of it, and the
  // planner puts no constant of the question in the place of the row's own value.
  db.exec('CREATE TEMP TABLE one (n INTEGER); INSERT INTO one VALUES (1)');
  for (const table of TABLES) {
    const more = BESIDE[table];
    const beside = more ? ` AND (NOT ${more.where} OR intact('${table}', ${more.crc}, ${more.of}))` : '';
    const ended = ENDED[table] ? `${ENDED[table]} OR ` : '';
    db.exec(`CREATE TEMP VIEW ${table} AS SELECT t.* FROM main.${table} t
      LEFT JOIN temp.one ON ${ended}intact('${table}', t.crc, ${SUMMED[table]})${beside}`);
  }
  db.exec(`CREATE TEMP VIEW balance AS SELECT b.account, b.name, b.micros
    FROM temp.account t CROSS JOIN main.balance b WHERE b.account = t.id`);
}

/** Rows that are not as they were written, at most `limit` of each table, in words. */
export function brokenRows(db: DatabaseSync, limit: number): string[] {
  addRowSum(db);
  return TABLES.flatMap((table) => {
    const more = BESIDE[table];
    const beside = more ? ` OR (${more.where} AND ${more.crc} IS NOT row_sum(${more.of}))` : '';
    const rows = db.prepare(
      `SELECT ${SUMMED[table].split(',').slice(0, 2).join(" || ' ' || ")} AS name FROM ${table} t
       WHERE t.crc IS NOT row_sum(${SUMMED[table]})${beside} LIMIT ${limit}`,
    );
    return rows.all().map((row) => `a row of ${table} is not as it was written (${String(row['name'])})`);
  });
}
