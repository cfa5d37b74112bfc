-- The ledger and the tables beside it; columns as on SQLite, so that the same statements read both engines. Money is
-- signed micros in bigint, instants are ms, flags are 0 or 1, JSON is text.

-- Updated rows leave room on their page, so that an update touches no index.
CREATE TABLE account (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  -- Rises with every settled batch, so that a cached state can be told from a stale one.
  version bigint NOT NULL,
  seq bigint NOT NULL,
  n bigint NOT NULL,
  hash text NOT NULL,
  at bigint NOT NULL,
  facts text NOT NULL,
  due_at bigint,
  -- The journal row that holds the latest credits section; 0 before there is one.
  credits_seq bigint NOT NULL
) WITH (fillfactor = 50);
CREATE INDEX account_due ON account (due_at) WHERE due_at IS NOT NULL;

-- The account's own chart (lot:<id>, held, reserved, recv), only what is not zero. House accounts have no row here:
-- their balance is the sum of their postings, so that no row is hot.
CREATE TABLE balance (
  account text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  micros bigint NOT NULL,
  PRIMARY KEY (account, name)
) WITH (fillfactor = 50);

CREATE TABLE record (
  account text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  open integer NOT NULL CHECK (open IN (0, 1)),
  links text NOT NULL,
  body text NOT NULL,
  PRIMARY KEY (account, kind, id)
);
CREATE INDEX record_open ON record (account) WHERE open = 1;
-- I13: a purchase belongs to one account, a provider's payment is credited at most once, whoever asks.
CREATE UNIQUE INDEX record_once ON record (id, kind) WHERE kind IN ('purchase', 'payment');

-- Each server process numbers its transfers from blocks of its own: no row is hot.
CREATE SEQUENCE transfer_block;
CREATE TABLE transfer (
  pk bigint NOT NULL PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  account text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  at bigint NOT NULL,
  meta text NOT NULL
);

CREATE TABLE posting (
  transfer bigint NOT NULL,
  line integer NOT NULL,
  name text NOT NULL,
  micros bigint NOT NULL,
  PRIMARY KEY (transfer, line)
);

CREATE TABLE journal (
  account text COLLATE "C" NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  at bigint NOT NULL,
  n bigint NOT NULL,
  hash text NOT NULL,
  private_digest text,
  patch text NOT NULL,
  PRIMARY KEY (account, seq)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER transfer_change BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer EXECUTE FUNCTION refuse_change();
CREATE TRIGGER posting_change BEFORE UPDATE OR DELETE OR TRUNCATE ON posting EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal EXECUTE FUNCTION refuse_change();

CREATE TABLE idempotency (
  scope text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  fingerprint text NOT NULL,
  account text NOT NULL,
  outcome text NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (scope, key)
);

CREATE TABLE principal (
  id text NOT NULL PRIMARY KEY,
  account text,
  name text NOT NULL,
  scope text NOT NULL,
  services text NOT NULL,
  key_hash text NOT NULL UNIQUE,
  created_at bigint NOT NULL,
  revoked_at bigint
);

CREATE TABLE session (
  id text NOT NULL PRIMARY KEY,
  principal text NOT NULL REFERENCES principal (id),
  account text,
  device text NOT NULL,
  device_name text NOT NULL,
  created_at bigint NOT NULL,
  last_seen_at bigint NOT NULL,
  revoked_at bigint
);
CREATE INDEX session_account ON session (account);
CREATE INDEX session_principal ON session (principal);

CREATE TABLE refresh_token (
  hash text NOT NULL PRIMARY KEY,
  session text NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  parent text,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX refresh_token_session ON refresh_token (session);
CREATE INDEX refresh_token_parent ON refresh_token (parent);

CREATE TABLE signing_key (
  kid text NOT NULL PRIMARY KEY,
  sealed text NOT NULL,
  public_jwk text NOT NULL,
  created_at bigint NOT NULL,
  retired_at bigint
);

-- A replicated document as last stored: it is true up to the journal row `seq`.
CREATE TABLE checkpoint (
  document text NOT NULL PRIMARY KEY,
  seq bigint NOT NULL,
  state bytea NOT NULL
);

-- Message ids of webhooks that were answered, so that a redelivery gets the same answer.
CREATE TABLE webhook (
  id text NOT NULL PRIMARY KEY,
  received_at bigint NOT NULL,
  answer text NOT NULL
);
