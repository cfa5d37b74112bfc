import { expect, test } from 'vitest';
import { migration, MigrationError, pendingMigrations, readMigrations } from './migrate.ts';

const first = migration('001_first.sql', 'CREATE TABLE a (x TEXT);\n');
const second = migration('002_second.sql', 'CREATE TABLE b (x TEXT);\n');

test('line ends of another system are no drift', () => {
  expect(migration('001_first.sql', 'CREATE TABLE a (x TEXT);\r\n').checksum).toBe(first.checksum);
});

test('runs what is missing, in order', () => {
  expect(pendingMigrations([first, second], [])).toEqual([first, second]);
  expect(pendingMigrations([first, second], [first])).toEqual([second]);
  expect(pendingMigrations([first, second], [first, second])).toEqual([]);
});

test('refuses a file that was changed after it ran', () => {
  const changed = migration('001_first.sql', 'CREATE TABLE a (x TEXT, y TEXT);\n');
  expect(() => pendingMigrations([changed, second], [first])).toThrow(MigrationError);
});

test('refuses a database of a newer release, and a number that comes too late', () => {
  expect(() => pendingMigrations([first], [first, second])).toThrow(/002_second.sql/);
  expect(() => pendingMigrations([first, second], [second])).toThrow(/001_first.sql/);
});

test('the release brings its migrations, numbered from 001', () => {
  expect(readMigrations('sqlite')[0]?.name).toBe('001_ledger.sql');
});
