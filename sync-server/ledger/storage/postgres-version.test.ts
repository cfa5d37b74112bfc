// The check of a server's release, by the numbers that servers give.
import { expect, test } from 'vitest';
import { StorageError } from './database.ts';
import { mustTakeRows } from './postgres-version.ts';

test.each(['140000', '150018', '180001'])('%s is taken', (version) => {
  expect(() => mustTakeRows(version)).not.toThrow();
});

test.each([
  ['90624', 'PostgreSQL 14 or later is needed, this server is PostgreSQL 9.'],
  ['139999', 'PostgreSQL 14 or later is needed, this server is PostgreSQL 13.'],
  ['', 'The database says no version of PostgreSQL that is known ().'],
  ['undefined', 'The database says no version of PostgreSQL that is known (undefined).'],
])('%j is refused', (version, message) => {
  expect(() => mustTakeRows(version)).toThrow(new StorageError(message));
});
