-- A refusal has no transfer, so its entry is found by an index of its own; money entries are found through theirs.
CREATE INDEX journal_refusal ON journal (account, (patch::json #>> '{recent,id}'))
  WHERE private_digest IS NOT NULL AND patch::json #>> '{recent,type}' = 'refused';
