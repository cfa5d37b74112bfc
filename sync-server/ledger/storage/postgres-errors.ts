// What an error of PostgreSQL means: it will pass, the schema refused, or the fault is ours.
import { DatabaseError } from 'pg';
import { ConstraintError, StorageError } from './database.ts';

/** Tries again at most so often, waiting a random part of `RETRY_MS` times the attempt. */
export const MAX_RETRIES = 5;
export const RETRY_MS = 40;

// Two processes wanted the same row, key or account at once: the next look finds what the other one wrote.
const COLLISION = new Set(['40001', '40P01']);
const RACED = new Set(['idempotency_pkey', 'account_pkey']);

/** The connection is gone: an error that is not the server's answer, or the server's word that it ends. */
export function isLost(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(08|57P0)/.test(error.code ?? '');
  return error instanceof Error && (NETWORK.test(error.message) || 'errno' in error);
}
const NETWORK = /^Connection terminated|^Client (has encountered|was closed)|^timeout e|^Query read timeout/;

export function isConstraint(error: unknown): boolean {
  return error instanceof DatabaseError && error.code?.startsWith('23') === true;
}

/** Whether an id that only one account may have (a purchase's, a payment's) is another account's already. */
export function isTakenId(error: unknown): boolean {
  return error instanceof DatabaseError && error.constraint === 'record_once';
}

// What the statement `write` does when an account is no longer as it was settled from.
const STALE = '22012';

/** Whether a batch settled from the cache met something that the cache did not know: it is to be settled from the tables. */
export function isUnforeseen(error: unknown): boolean {
  if (isPassing(error) || isConstraint(error)) return true;
  return error instanceof DatabaseError && error.code === STALE;
}

/** Whether trying again may help. */
export function isPassing(error: unknown): boolean {
  if (isLost(error)) return true;
  if (!(error instanceof DatabaseError)) return false;
  return COLLISION.has(error.code ?? '') || (isConstraint(error) && RACED.has(error.constraint ?? ''));
}

/** Whether the database could not answer (busy, full, stopped): then no order of the batch is at fault. */
export function isDatabaseState(error: unknown): boolean {
  return (
    isPassing(error) || (error instanceof DatabaseError && /^(25|53|55|57|58|XX)/.test(error.code ?? ''))
  );
}

/** The error that a caller gets. */
export function asStorageError(error: unknown): StorageError | ConstraintError {
  if (error instanceof StorageError || error instanceof ConstraintError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isConstraint(error)) return new ConstraintError(reason, { cause: error });
  return new StorageError(`The database could not answer: ${reason}`, { cause: error });
}
