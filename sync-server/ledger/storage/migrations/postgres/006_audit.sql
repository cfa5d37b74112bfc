-- The most that a service may move in one operation, in micros; null for the rules' own maximum.
ALTER TABLE principal ADD COLUMN cap bigint;

-- Who of staff did what, and how it ended; the ledger itself says what became of money.
CREATE TABLE audit (
  pk bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at bigint NOT NULL,
  request text NOT NULL,
  principal text NOT NULL,
  scope text NOT NULL,
  action text NOT NULL,
  status integer NOT NULL
);
CREATE TRIGGER audit_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION refuse_change();
