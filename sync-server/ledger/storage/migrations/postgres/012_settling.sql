-- What one batch writes: rows of these arrive as one array for each table. Fields as in the tables.
CREATE TYPE settled_account AS (id text, seq bigint, n bigint, hash text, at bigint, facts text, due_at bigint,
  credits_seq bigint, version bigint);
CREATE TYPE settled_balance AS (account text, name text, micros bigint);
CREATE TYPE settled_record AS (account text, kind text, id text, open integer, links text, body text);
CREATE TYPE settled_transfer AS (pk bigint, id text, account text, kind text, at bigint, meta text);
CREATE TYPE settled_posting AS (transfer bigint, line integer, name text, micros bigint);
CREATE TYPE settled_row AS (account text, seq bigint, at bigint, n bigint, hash text, private_digest text, patch text);
CREATE TYPE settled_key AS (scope text, key text, fingerprint text, account text, outcome text, seq bigint);

-- Only what looks like a refusal is read as JSON: reading every row that is written cost a tenth of it all.
DROP INDEX journal_refusal;
CREATE INDEX journal_refusal ON journal (account, (patch::json #>> '{recent,id}'))
  WHERE private_digest IS NOT NULL AND strpos(patch, '"type":"refused"') > 0
    AND patch::json #>> '{recent,type}' = 'refused';
