// The statements that settle on PostgreSQL. Each takes columns or rows as arrays, so that one prepared plan serves a batch
// of any size; all of them go by key.
import type { Field } from './postgres-rows.ts';

export const SQL = {
  begin: 'BEGIN ISOLATION LEVEL READ COMMITTED',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',

  lock: `SELECT id, version, seq, n, hash, at, facts FROM account WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE`,
  keys: `SELECT i.scope, i.key, i.fingerprint, i.outcome
    FROM unnest($1::text[], $2::text[]) AS k (scope, key) JOIN idempotency i ON i.scope = k.scope AND i.key = k.key`,
  balances: 'SELECT account, name, micros FROM balance WHERE account = ANY ($1::text[])',
  open: 'SELECT account, kind, id, open, links, body FROM record WHERE account = ANY ($1::text[]) AND open = 1',
  records: `SELECT r.account, r.kind, r.id, r.open, r.links, r.body
    FROM unnest($1::text[], $2::text[], $3::text[]) AS k (account, kind, id)
    JOIN record r ON r.account = k.account AND r.kind = k.kind AND r.id = k.id`,
  transfers: `SELECT t.account, t.id, t.kind, t.meta,
      json_agg(json_build_object('name', p.name, 'micros', p.micros::text) ORDER BY p.line)::text AS postings
    FROM unnest($1::text[], $2::text[]) AS k (account, id)
    JOIN transfer t ON t.id = k.id AND t.account = k.account JOIN posting p ON p.transfer = t.pk
    GROUP BY t.pk`,

  findRow: 'SELECT seq FROM journal WHERE account = $1 AND seq = $2 AND patch = $3',
  findKey: 'SELECT seq FROM idempotency WHERE scope = $1 AND key = $2 AND outcome = $3',

  insertAccounts: `INSERT INTO account (id, version, seq, n, hash, at, facts, due_at, credits_seq)
    SELECT id, 1, seq, n, hash, at, facts, due_at, credits_seq FROM unnest($1::settled_account[])`,
  dropBalances: `DELETE FROM balance b USING unnest($1::text[], $2::text[]) AS v (account, name)
    WHERE b.account = v.account AND b.name = v.name`,
  /**
   * All else that a batch writes, in one statement: rows for each table, then how many accounts there are.
   * An account whose version is another by now makes it divide by zero (`STALE`), and nothing is written. `fresh` are
   * records that must not exist yet. Accounts are updated in the order of their rows, which is that of their ids.
   */
  write: `WITH
    accounts AS (
      UPDATE account a SET version = a.version + 1, seq = v.seq, n = v.n, hash = v.hash, at = v.at,
        facts = v.facts, due_at = v.due_at, credits_seq = greatest(a.credits_seq, v.credits_seq)
      FROM unnest($1::settled_account[]) AS v WHERE a.id = v.id AND a.version = v.version RETURNING 1),
    balances AS (
      INSERT INTO balance (account, name, micros) SELECT * FROM unnest($2::settled_balance[])
      ON CONFLICT (account, name) DO UPDATE SET micros = excluded.micros),
    records AS (
      INSERT INTO record (account, kind, id, open, links, body) SELECT * FROM unnest($3::settled_record[])
      ON CONFLICT (account, kind, id)
      DO UPDATE SET open = excluded.open, links = excluded.links, body = excluded.body),
    fresh AS (
      INSERT INTO record (account, kind, id, open, links, body) SELECT * FROM unnest($4::settled_record[])),
    transfers AS (
      INSERT INTO transfer (pk, id, account, kind, at, meta) SELECT * FROM unnest($5::settled_transfer[])),
    postings AS (
      INSERT INTO posting (transfer, line, name, micros) SELECT * FROM unnest($6::settled_posting[])),
    rows AS (
      INSERT INTO journal (account, seq, at, n, hash, private_digest, patch) SELECT * FROM unnest($7::settled_row[])),
    keys AS (
      INSERT INTO idempotency (scope, key, fingerprint, account, outcome, seq) SELECT * FROM unnest($8::settled_key[]))
    SELECT 1 / CASE WHEN (SELECT count(*) FROM accounts) = $9::bigint THEN 1 ELSE 0 END`,
} as const;

export type LedgerStatement = keyof typeof SQL;

/** Types of the rows that the statements above take, as the migrations made them. */
export const ROW = {
  account: ['text', 'bigint', 'bigint', 'text', 'bigint', 'text', 'bigint', 'bigint', 'bigint'],
  balance: ['text', 'text', 'bigint'],
  record: ['text', 'text', 'text', 'integer', 'text', 'text'],
  transfer: ['bigint', 'text', 'text', 'text', 'bigint', 'text'],
  posting: ['bigint', 'integer', 'text', 'bigint'],
  row: ['text', 'bigint', 'bigint', 'bigint', 'text', 'text', 'text'],
  key: ['text', 'text', 'text', 'text', 'text', 'bigint'],
} as const satisfies Record<string, readonly Field[]>;
