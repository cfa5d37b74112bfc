import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openWriter } from './sqlite-file.ts';
import { startSyncedNote, syncedFile } from './synced.ts';
import { checkLog, cutLog, logDamage } from './wal-check.ts';
import { readLog } from './wal.ts';

const FRAME = 24 + 4096;

/** A file as a kill leaves it: 20 commits of some pages each, all in the log. */
function killed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glance-wal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'live', 'glance.sqlite');
  mkdirSync(join(folder, 'live'));
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (n INTEGER, text TEXT)');
  const note = startSyncedNote(file);
  for (let n = 1; n <= 20; n += 1) {
    db.prepare('INSERT INTO t VALUES (?, ?)').run(n, 'x'.repeat(9_000));
    note.note();
  }
  const copy = join(folder, 'copy');
  cpSync(join(folder, 'live'), copy, { recursive: true });
  db.close();
  note.close();
  return join(copy, 'glance.sqlite');
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}

function rowsIn(file: string): number {
  const db = new DatabaseSync(file);
  const count = Number(db.prepare('SELECT count(*) AS count FROM t').get()?.['count']);
  db.close();
  return count;
}

test('a log as a kill left it is sound, and its last commit is known to have been on the disk', () => {
  const file = killed();
  const { committed, length } = readLog(file);
  expect(length).toBe(statSync(`${file}-wal`).size);
  expect(committed).toBe((length - 32) / FRAME);
  expect(logDamage(file)).toBeNull();
  expect(rowsIn(file)).toBe(20);
});

test('any flipped byte of the log is damage, wherever it is: also in the last commit, which was acknowledged', () => {
  const file = killed();
  const log = `${file}-wal`;
  const { size } = statSync(log);
  const places = [
    0,
    5,
    13,
    17,
    22,
    30,
    32,
    36,
    40,
    48,
    52,
    60,
    size - FRAME + 4,
    size - FRAME + 100,
    size - 1,
  ];
  for (let at = 1_000; at < size; at += 7_919) places.push(at);
  for (const at of places) {
    flip(log, at);
    expect(logDamage(file), `byte ${at}`).not.toBeNull();
    expect(() => openWriter(file, [])).toThrow(/damaged[^]*restore/);
    flip(log, at);
  }
  expect(logDamage(file)).toBeNull();
});

test('without the note, only what a later commit stands behind is known to be damage', () => {
  const file = killed();
  rmSync(syncedFile(file));
  const log = `${file}-wal`;
  const { size } = statSync(log);
  flip(log, 40 * FRAME);
  expect(() => checkLog(file)).toThrow(/broken at frame 40/);
  flip(log, 40 * FRAME);
  flip(log, size - 1);
  expect(logDamage(file)).toBeNull();
});

test('a log whose last commit was cut off by the crash is sound, wherever the cut is', () => {
  const file = killed();
  rmSync(syncedFile(file));
  const log = `${file}-wal`;
  for (let { size } = statSync(log); size > 0; size -= 6_007) {
    truncateSync(log, size);
    expect(logDamage(file), `${size} bytes`).toBeNull();
  }
  truncateSync(log, 0);
  expect(logDamage(file)).toBeNull();
  writeFileSync(log, Buffer.alloc(3 * FRAME));
  expect(logDamage(file)).toBeNull();
});

test('frames of an earlier run of the log that lie behind its end are no damage', () => {
  const file = killed();
  const db = new DatabaseSync(file);
  db.exec('PRAGMA wal_checkpoint(RESTART); INSERT INTO t VALUES (21, null)');
  const note = startSyncedNote(file);
  note.note();
  for (const end of ['', '-wal', '.synced']) cpSync(`${file}${end}`, `${file}.copy${end}`);
  db.close();
  note.close();
  const { committed } = readLog(`${file}.copy`);
  expect(committed).toBeGreaterThan(0);
  expect(committed).toBeLessThan(5);
  expect(logDamage(`${file}.copy`)).toBeNull();
});

test('a start begins the log anew: pieces of one crash and of the next never lie in the same', () => {
  const file = killed();
  const before = readLog(file);
  const db = openWriter(file, []);
  const after = readLog(file);
  expect(after.committed).toBeLessThan(5);
  expect(after.salts).not.toEqual(before.salts);
  expect(statSync(`${file}-wal`).size).toBe(after.length);
  db.close();
  expect(rowsIn(file)).toBe(20);
});

test('a damaged log is cut where the damage begins, and kept whole beside it', () => {
  const file = killed();
  flip(`${file}-wal`, 40 * FRAME);
  const before = readFileSync(`${file}-wal`);
  cutLog(file, `${file}-wal.broken`);
  expect(readFileSync(`${file}-wal.broken`)).toEqual(before);
  expect(logDamage(file)).toBeNull();
  const rows = rowsIn(file);
  expect(rows).toBeGreaterThan(5);
  expect(rows).toBeLessThan(20);
  expect(existsSync(syncedFile(file))).toBe(false);
});
