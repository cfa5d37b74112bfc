// Opens the SQLite file as the one writer: settings, check, migrations. And the lock that keeps a second process off.
import { DatabaseSync } from 'node:sqlite';
import { StorageError } from './database.ts';
import { MIGRATION_TABLE, type Migration, pendingMigrations } from './migrate.ts';
import { isBusy } from './sqlite-errors.ts';
import { addRowSum, readOnlyIntact } from './row-sum.ts';
import { checkLog } from './wal-check.ts';

/** Pages of the write-ahead log from which a checkpoint runs: half the p99 of SQLite's own 1000, and no gain above. */
export const CHECKPOINT_PAGES = 4_000;
/**
 * Kilobytes of pages that the writer keeps. After a page was split SQLite walks through the whole cache at the commit, so
 * that 64 MB cost 80 us a commit, and gained nothing on a file of 400,000 charges: the system keeps its pages as well.
 */
const CACHE_KB = 8_192;
/** How long a statement waits for a reader's lock. */
const BUSY_MS = 5_000;

/**
 * The connection that writes: WAL, and every commit is on the disk before it answers.
 * Checkpoints are run by the writer itself, so that a failed fsync in one of them is seen.
 * @throws StorageError when the file is damaged or cannot be written; MigrationError.
 */
export function openWriter(file: string, migrations: Migration[]): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    // Before SQLite opens it: what it drops from a damaged log is gone.
    checkLog(file);
    db = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
      PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${CACHE_KB};`);
    check(db, file);
    // A log that two losses of power left pieces in could look damaged: each start begins it anew.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    addRowSum(db);
    migrate(db, migrations);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof Error && 'errcode' in error) {
      throw new StorageError(`${file} cannot be opened for writing (${error.message}).`, { cause: error });
    }
    throw error;
  }
}

/** The connection that reads beside the writer; a row that is not as it was written throws a DamagedError. */
export function openReader(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
  readOnlyIntact(db);
  return db;
}

function check(db: DatabaseSync, file: string): void {
  // All pages, and each index against its table (X23): about 5 s for a million transactions, twice as long as without.
  const found = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
  if (found !== 'ok') {
    throw new StorageError(
      `${file} is damaged (${String(found)}): restore the last backup, nothing was changed.`,
    );
  }
}

function migrate(db: DatabaseSync, migrations: Migration[]): void {
  db.exec(MIGRATION_TABLE);
  const applied = db.prepare('SELECT name, checksum FROM migration').all();
  const rows = applied.map((row) => ({ name: String(row['name']), checksum: String(row['checksum']) }));
  for (const { name, checksum, sql } of pendingMigrations(migrations, rows)) {
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(sql);
      db.prepare('INSERT INTO migration (name, checksum) VALUES (?, ?)').run(name, checksum);
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** A lock of the operating system on `<file>.lock`: it dies with the process, however that ends. */
export interface FileLock {
  release(): void;
}

/** @throws StorageError when another process holds the file, or the folder cannot be written. */
export function lockFile(file: string): FileLock {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(`${file}.lock`, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
    const held = db;
    return { release: () => held.close() };
  } catch (error) {
    db?.close();
    const reason = isBusy(error)
      ? `${file} is in use by another server process: stop that one first, or give this one another DATA_DIR.`
      : `${file} cannot be locked (${String(error)}): is its folder writable?`;
    throw new StorageError(reason, { cause: error });
  }
}
