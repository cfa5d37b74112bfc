// What an error of SQLite means for the writer: the schema refused, the disk could not, or nothing may go on.
import { ConstraintError, DamagedError, StorageError } from './database.ts';

const BUSY = 5;
const CONSTRAINT = 19;
const IO_ERROR = 10;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's primary result code; null for an error that is not SQLite's. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** Whether the database spoke; every other error is a fault of ours. */
export function isDatabaseError(error: unknown): boolean {
  return resultCode(error) !== null || error instanceof StorageError;
}

export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}

export function isConstraint(error: unknown): boolean {
  return resultCode(error) === CONSTRAINT;
}

/** Whether an id that only one account may have (a purchase's, a payment's) is another account's already. */
export function isTakenId(error: unknown): boolean {
  return isConstraint(error) && error instanceof Error && error.message.endsWith('record.id, record.kind');
}

/** Whether the file does not hold what was written into it. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return error instanceof DamagedError || code === CORRUPT || code === NOT_A_DATABASE;
}

/**
 * Whether the writer must stop for good: after a failed fsync nobody knows what the disk holds, and a later fsync
 * that works proves nothing; a corrupt file must not be written again.
 * @param syncing true while committing or checkpointing, when fsync runs
 */
export function isFatal(error: unknown, syncing: boolean): boolean {
  const code = resultCode(error);
  return isDamage(error) || (syncing && code === IO_ERROR);
}

/** The error that a caller gets. */
export function asStorageError(error: unknown): StorageError | ConstraintError {
  if (error instanceof StorageError || error instanceof ConstraintError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isConstraint(error)) return new ConstraintError(reason, { cause: error });
  if (isDamage(error)) return new DamagedError(reason, { cause: error });
  return new StorageError(`The database could not answer: ${reason}`, { cause: error });
}
