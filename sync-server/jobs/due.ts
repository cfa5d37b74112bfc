// What happens by time alone: windows that close, holds and lots that expire. Looked for every second, so that a book
// shows it soon; every command settles it for its own account anyway, so a late run changes no result.
import { type Ms, SECOND } from '../../shared/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { StorageError } from '../ledger/storage/database.ts';
import { type Job, repeat } from './repeat.ts';

const LOOK_EVERY: Ms = SECOND;
/** Accounts settled per look; the rest follow in the next one. */
const AT_ONCE = 256;

export interface DueOptions {
  ledger: Pick<Ledger, 'runDue'>;
  log: { error(facts: object, message: string): void; warn(facts: object, message: string): void };
  every?: Ms;
}

export function startDueJob({ ledger, log, every = LOOK_EVERY }: DueOptions): Job {
  return repeat(async () => {
    try {
      await ledger.runDue(AT_ONCE);
    } catch (error) {
      if (error instanceof StorageError) log.warn({ err: error }, 'what is due waits for the database');
      else log.error({ err: error }, 'an account could not settle what is due');
    }
  }, every);
}
