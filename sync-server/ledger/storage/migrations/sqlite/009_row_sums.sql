-- Rows that answers are made of carry a checksum (row_sum, storage/row-sum.ts), so that a byte that the disk changed is
-- noticed when the row is read. What was there before is taken for right: `npm run verify` says whether it is.
ALTER TABLE account ADD COLUMN crc INTEGER;
ALTER TABLE account ADD COLUMN credits_crc INTEGER;
ALTER TABLE record ADD COLUMN crc INTEGER;
ALTER TABLE transfer ADD COLUMN crc INTEGER;
ALTER TABLE journal ADD COLUMN crc INTEGER;
ALTER TABLE idempotency ADD COLUMN crc INTEGER;

DROP TRIGGER transfer_update;
DROP TRIGGER journal_update;
UPDATE account SET credits_crc = row_sum(id, credits_seq), crc = row_sum(id, seq, n, hash, at, facts, due_at,
  (SELECT group_concat(b.name || '=' || b.micros, ';' ORDER BY b.name || '=' || b.micros)
   FROM balance b WHERE b.account = account.id));
UPDATE record SET crc = row_sum(account, kind, id, open, links, body);
UPDATE transfer SET crc = row_sum(id, account, kind, at, meta,
  (SELECT group_concat(p.name || '=' || p.micros, ';' ORDER BY p.line) FROM posting p WHERE p.transfer = transfer.pk));
UPDATE journal SET crc = row_sum(account, seq, at, n, hash, private_digest, patch);
UPDATE idempotency SET crc = row_sum(scope, key, fingerprint, account, outcome, seq);
CREATE TRIGGER transfer_update BEFORE UPDATE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END;
CREATE TRIGGER journal_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
