-- Accounts elsewhere that are read: the sealed key, when it is asked next, and who is asking now.
CREATE TABLE source (
  account text NOT NULL,
  kind text NOT NULL,
  sealed text NOT NULL,
  -- Rises when the key is changed: what was read with another one is not kept.
  version bigint NOT NULL,
  next_at bigint NOT NULL,
  leased_until bigint NOT NULL,
  failures bigint NOT NULL,
  PRIMARY KEY (account, kind)
);
CREATE INDEX source_next ON source (next_at);
