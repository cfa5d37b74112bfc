-- What finance asks for by an id alone, and what two of its people decide together.

CREATE INDEX record_withdrawal ON record (id) WHERE kind = 'withdrawal';
CREATE INDEX record_suspense ON record (id) WHERE kind = 'suspense';

-- A decision that needs a second principal, from its first proposal on; `approver` is null until there is one.
CREATE TABLE proposal (
  kind text NOT NULL,
  account text NOT NULL,
  id text NOT NULL,
  body text NOT NULL,
  proposer text NOT NULL,
  approver text,
  created_at bigint NOT NULL,
  PRIMARY KEY (kind, account, id)
);
