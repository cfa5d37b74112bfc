-- The ledger and the tables beside it. Money is signed micros in INTEGER NOT NULL (rule M1), instants are ms,
-- flags are 0 or 1, JSON is text, so that the same statements read both engines.

CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  -- Rises with every settled batch, so that a cached state can be told from a stale one.
  version INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  due_at INTEGER,
  -- The journal row that holds the latest credits section; 0 before there is one.
  credits_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_due ON account (due_at) WHERE due_at IS NOT NULL;

-- The account's own chart (lot:<id>, held, reserved, recv), only what is not zero. House accounts have no row here:
-- their balance is the sum of their postings, so that no row is hot.
CREATE TABLE balance (
  account TEXT NOT NULL,
  name TEXT NOT NULL,
  micros INTEGER NOT NULL,
  PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  open INTEGER NOT NULL CHECK (open IN (0, 1)),
  links TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (account, kind, id)
) STRICT;
CREATE INDEX record_open ON record (account) WHERE open = 1;
-- I13: a purchase belongs to one account, a provider's payment is credited at most once, whoever asks.
CREATE UNIQUE INDEX record_once ON record (id, kind) WHERE kind IN ('purchase', 'payment');

CREATE TABLE transfer (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  meta TEXT NOT NULL
) STRICT;

CREATE TABLE posting (
  transfer INTEGER NOT NULL REFERENCES transfer (pk),
  line INTEGER NOT NULL,
  name TEXT NOT NULL,
  micros INTEGER NOT NULL,
  PRIMARY KEY (transfer, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  account TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  at INTEGER NOT NULL,
  n INTEGER NOT NULL,
  hash TEXT NOT NULL,
  private_digest TEXT,
  patch TEXT NOT NULL,
  UNIQUE (account, seq)
) STRICT;

CREATE TRIGGER transfer_update BEFORE UPDATE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END;
CREATE TRIGGER transfer_delete BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END;
CREATE TRIGGER posting_update BEFORE UPDATE ON posting BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END;
CREATE TRIGGER posting_delete BEFORE DELETE ON posting BEGIN SELECT RAISE(ABORT, 'posting is append-only'); END;
CREATE TRIGGER journal_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER journal_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;

CREATE TABLE idempotency (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  account TEXT NOT NULL,
  outcome TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT;

CREATE TABLE principal (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  services TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  principal TEXT NOT NULL REFERENCES principal (id),
  account TEXT,
  device TEXT NOT NULL,
  device_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX session_account ON session (account);
CREATE INDEX session_principal ON session (principal);

CREATE TABLE refresh_token (
  hash TEXT NOT NULL PRIMARY KEY,
  session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  parent TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX refresh_token_session ON refresh_token (session);
CREATE INDEX refresh_token_parent ON refresh_token (parent);

CREATE TABLE signing_key (
  kid TEXT NOT NULL PRIMARY KEY,
  sealed TEXT NOT NULL,
  public_jwk TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;

-- A replicated document as last stored: it is true up to the journal row `seq`.
CREATE TABLE checkpoint (
  document TEXT NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  state BLOB NOT NULL
) STRICT;

-- Message ids of webhooks that were answered, so that a redelivery gets the same answer.
CREATE TABLE webhook (
  id TEXT NOT NULL PRIMARY KEY,
  received_at INTEGER NOT NULL,
  answer TEXT NOT NULL
) STRICT;
