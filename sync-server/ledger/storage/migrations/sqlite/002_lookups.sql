-- What finance asks for by an id alone, and what two of its people decide together.

CREATE INDEX record_withdrawal ON record (id) WHERE kind = 'withdrawal';
CREATE INDEX record_suspense ON record (id) WHERE kind = 'suspense';

-- A decision that needs a second principal, from its first proposal on; `approver` is null until there is one.
CREATE TABLE proposal (
  kind TEXT NOT NULL,
  account TEXT NOT NULL,
  id TEXT NOT NULL,
  body TEXT NOT NULL,
  proposer TEXT NOT NULL,
  approver TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (kind, account, id)
) STRICT, WITHOUT ROWID;
