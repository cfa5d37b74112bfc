// What of the write-ahead log was on the disk when orders were last answered, noted beside the file after each commit
// and never synced: after a kill it is exact, after a loss of power it says less than is true, never more.
import { closeSync, constants, existsSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { endianness } from 'node:os';
import { checksum } from './wal.ts';

/** The head of SQLite's own index of the log (sqlite.org/walformat.html), with a checksum of its own. */
const INDEX_HEAD = 48;
const MAX_FRAME = 16;
const SALTS = 32;
const SUM = 40;
const LITTLE = endianness() === 'LE';

export interface Synced {
  salts: Buffer;
  /** Frames of the log that had been synced. */
  frames: number;
}

export const syncedFile = (file: string) => `${file}.synced`;

/** What was noted last; null when nothing was, or it was cut off. */
export function readSynced(file: string): Synced | null {
  if (!existsSync(syncedFile(file))) return null;
  const head = readFileSync(syncedFile(file));
  if (head.length !== INDEX_HEAD) return null;
  const [s0, s1] = checksum([0, 0], head, 0, SUM, LITTLE);
  if (word(head, SUM) !== s0 || word(head, SUM + 4) !== s1) return null;
  return { salts: head.subarray(SALTS, SALTS + 8), frames: word(head, MAX_FRAME) };
}

function word(bytes: Buffer, at: number): number {
  return LITTLE ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

export interface SyncedNote {
  /** Notes the log as the commit that just ended left it. */
  note(): void;
  close(): void;
}

/** For the one writer of the file, which must be open. */
export function startSyncedNote(file: string): SyncedNote {
  const head = Buffer.alloc(INDEX_HEAD);
  const index = openSync(`${file}-shm`, 'r');
  const note = openSync(syncedFile(file), constants.O_CREAT | constants.O_WRONLY, 0o600);
  return {
    note: () => {
      try {
        if (readSync(index, head, 0, INDEX_HEAD, 0) === INDEX_HEAD) writeSync(note, head, 0, INDEX_HEAD, 0);
      } catch {
        // The orders are on the disk all the same, and an older note is as true.
      }
    },
    close: () => {
      closeSync(index);
      closeSync(note);
    },
  };
}
