-- The answer to an order that made a record under its caller's id stands in that record's row: one row and one index
-- less for each charge. Every other answer, and each one from before, stays in `idempotency`.
ALTER TABLE record ADD COLUMN answer_scope TEXT;
ALTER TABLE record ADD COLUMN answer_fingerprint TEXT;
ALTER TABLE record ADD COLUMN answer TEXT;
ALTER TABLE record ADD COLUMN answer_seq INTEGER;
-- A sum of its own: the record changes, the answer never does.
ALTER TABLE record ADD COLUMN answer_crc INTEGER;
