-- What waits for finance is looked for every minute: without walking through what ended long ago.
CREATE INDEX record_withdrawal_open ON record (id) WHERE kind = 'withdrawal' AND open = 1;
CREATE INDEX record_suspense_open ON record (id) WHERE kind = 'suspense' AND open = 1;
