-- The most that a service may move in one operation, in micros; null for the rules' own maximum.
ALTER TABLE principal ADD COLUMN cap INTEGER;

-- Who of staff did what, and how it ended; the ledger itself says what became of money.
CREATE TABLE audit (
  pk INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  request TEXT NOT NULL,
  principal TEXT NOT NULL,
  scope TEXT NOT NULL,
  action TEXT NOT NULL,
  status INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
