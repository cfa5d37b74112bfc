// Opens a SQLite file to be read only, so that not a byte is written: not even an index beside a log that lies still.
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isBusy } from '../ledger/storage/sqlite-errors.ts';
import { logDamage } from '../ledger/storage/wal-check.ts';
import { SourceError } from './source.ts';

const BUSY_MS = 5_000;
/** Without locks, and so without the shared index that a log is else read through. */
const NO_LOCKS = process.platform === 'win32' ? 'win32-none' : 'unix-none';

function hasLog(file: string): boolean {
  return existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
}

/** Whether a server is at work on the file: then its lock is held. */
export function isLive(file: string): boolean {
  if (!existsSync(`${file}.lock`)) return false;
  const lock = new DatabaseSync(`${file}.lock`, { readOnly: true, timeout: 0 });
  try {
    lock.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    lock.close();
  }
}

/** @throws SourceError when there is no such file, or its log is damaged; the driver's error when it is no database */
export function openStill(file: string): DatabaseSync {
  if (!existsSync(file)) throw new SourceError(`There is no ${file}.`);
  const url = pathToFileURL(file);
  if (isLive(file)) return new DatabaseSync(url, { readOnly: true, timeout: BUSY_MS });
  const damage = logDamage(file);
  if (damage !== null) {
    throw new SourceError(
      `${file} is damaged (${damage}): what comes after that cannot be read. Restore the last backup.`,
    );
  }
  if (!hasLog(file)) {
    url.searchParams.set('immutable', '1');
    return new DatabaseSync(url, { readOnly: true });
  }
  url.searchParams.set('vfs', NO_LOCKS);
  const db = new DatabaseSync(url, { readOnly: true });
  // The index of the log is then made in memory.
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  return db;
}
