// The statements that settle on PostgreSQL. Each takes columns as arrays, so that one prepared plan serves a batch of
// any size; all of them go by key.

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
    SELECT id, 1, seq, n, hash, at, facts, due_at, credits_seq
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])
      AS v (id, seq, n, hash, at, facts, due_at, credits_seq)`,
  dropBalances: `DELETE FROM balance b USING unnest($1::text[], $2::text[]) AS v (account, name)
    WHERE b.account = v.account AND b.name = v.name`,
  /**
   * All else that a batch writes, in one statement: columns in the order of the tables, then how many accounts there are.
   * An account whose version is another by now makes it divide by zero (`STALE`), and nothing is written. `fresh` are
   * records that must not exist yet. Accounts are updated in the order of the columns, which is that of their ids.
   */
  write: `WITH
    accounts AS (
      UPDATE account a SET version = a.version + 1, seq = v.seq, n = v.n, hash = v.hash, at = v.at,
        facts = v.facts, due_at = v.due_at, credits_seq = greatest(a.credits_seq, v.credits_seq)
      FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[],
        $9::bigint[]) AS v (id, seq, n, hash, at, facts, due_at, credits_seq, version)
      WHERE a.id = v.id AND a.version = v.version RETURNING 1),
    balances AS (
      INSERT INTO balance (account, name, micros) SELECT * FROM unnest($10::text[], $11::text[], $12::bigint[])
      ON CONFLICT (account, name) DO UPDATE SET micros = excluded.micros),
    records AS (
      INSERT INTO record (account, kind, id, open, links, body)
      SELECT * FROM unnest($13::text[], $14::text[], $15::text[], $16::integer[], $17::text[], $18::text[])
      ON CONFLICT (account, kind, id)
      DO UPDATE SET open = excluded.open, links = excluded.links, body = excluded.body),
    fresh AS (
      INSERT INTO record (account, kind, id, open, links, body)
      SELECT * FROM unnest($19::text[], $20::text[], $21::text[], $22::integer[], $23::text[], $24::text[])),
    transfers AS (
      INSERT INTO transfer (pk, id, account, kind, at, meta)
      SELECT * FROM unnest($25::bigint[], $26::text[], $27::text[], $28::text[], $29::bigint[], $30::text[])),
    postings AS (
      INSERT INTO posting (transfer, line, name, micros)
      SELECT * FROM unnest($31::bigint[], $32::integer[], $33::text[], $34::bigint[])),
    rows AS (
      INSERT INTO journal (account, seq, at, n, hash, private_digest, patch)
      SELECT * FROM unnest($35::text[], $36::bigint[], $37::bigint[], $38::bigint[], $39::text[], $40::text[], $41::text[])),
    keys AS (
      INSERT INTO idempotency (scope, key, fingerprint, account, outcome, seq)
      SELECT * FROM unnest($42::text[], $43::text[], $44::text[], $45::text[], $46::text[], $47::bigint[]))
    SELECT 1 / CASE WHEN (SELECT count(*) FROM accounts) = $48::bigint THEN 1 ELSE 0 END`,
} as const;

export type LedgerStatement = keyof typeof SQL;
