import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Copied, type Copier, startCopier } from './sqlite-checkpoint.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glance-copier-'));
  file = join(folder, 'ledger.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const copied = (copier: Copier) => new Promise<Copied>((resolve) => copier.copy(resolve));

test('the thread copies what is in the log into the file', async () => {
  const db = new DatabaseSync(file);
  db.exec(
    'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n); INSERT INTO t VALUES (1)',
  );
  const before = statSync(file).size;
  const copier = startCopier(file);
  expect(await copied(copier)).toEqual({ error: null });
  expect(statSync(file).size).toBeGreaterThan(before);
  await copier.close();
  db.close();
  copier.release();
});

test('a thread that has ended says so each time it is asked, so that the log does not grow for ever', async () => {
  writeFileSync(file, 'no database'.repeat(1_000));
  const copier = startCopier(file);
  expect((await copied(copier)).error).not.toBeNull();
  await copier.close();
  expect((await copied(copier)).error).toMatchObject({ errcode: 0 });
  copier.release();
});
