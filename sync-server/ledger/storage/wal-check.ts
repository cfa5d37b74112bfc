// The look at the write-ahead log before SQLite opens it: SQLite takes the first broken frame for the end of the log and
// drops what follows, also what was acknowledged long before.
import { copyFileSync, rmSync, truncateSync } from 'node:fs';
import { StorageError } from './database.ts';
import { readSynced, syncedFile } from './synced.ts';
import { readLog } from './wal.ts';

/** What is wrong with the log beside a file, for a person; null for a sound one, or one that a crash cut off at its end. */
export function logDamage(file: string): string | null {
  const { salts, committed, brokenAt } = readLog(file);
  if (brokenAt === 0) return 'the header of its log is broken';
  if (brokenAt !== null) return `its log is broken at frame ${brokenAt}, and later commits stand behind it`;
  const synced = salts && readSynced(file);
  // Of another run of the log it says nothing: that one was written back whole.
  if (!synced || !synced.salts.equals(salts) || synced.frames <= committed) return null;
  return `its log is broken behind frame ${committed}, and orders were answered up to frame ${synced.frames}`;
}

/** @throws StorageError when acknowledged orders would be dropped; nothing was changed. */
export function checkLog(file: string): void {
  const damage = logDamage(file);
  if (damage === null) return;
  throw new StorageError(
    `${file} is damaged (${damage}): acknowledged orders would be lost. Nothing was changed. Restore the last backup ` +
      'with `npm run restore -- FILE`, or go on with what stands before the damage with ' +
      '`npm run restore -- --accept-loss`.',
  );
}

/** Cuts a damaged log where SQLite would end it, and keeps the whole one under another name. */
export function cutLog(file: string, aside: string): void {
  copyFileSync(`${file}-wal`, aside);
  truncateSync(`${file}-wal`, readLog(file).length);
  // It tells of what was just cut off.
  rmSync(syncedFile(file), { force: true });
}
