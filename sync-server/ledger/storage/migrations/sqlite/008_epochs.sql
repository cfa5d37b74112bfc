-- Each time the ledger was put back to an older state. Books are written under the latest number, so that a device that
-- holds what is gone notices it and clones its book again.
CREATE TABLE epoch (
  number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
  at INTEGER NOT NULL
) STRICT;
