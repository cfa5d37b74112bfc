-- Accounts elsewhere that are read: the sealed key, when it is asked next, and who is asking now.
CREATE TABLE source (
  account TEXT NOT NULL,
  kind TEXT NOT NULL,
  sealed TEXT NOT NULL,
  -- Rises when the key is changed: what was read with another one is not kept.
  version INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  leased_until INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  PRIMARY KEY (account, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_next ON source (next_at);
