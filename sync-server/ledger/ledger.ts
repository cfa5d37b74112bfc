// The door of the room: what api, sync, jobs and sources may ask of a ledger, whatever stores it.
import type { Credits, Purchase } from '../../shared/account.ts';
import type { Ms } from '../../shared/time.ts';
import type { Order, Outcome } from './command.ts';
import type { LedgerEvents } from './events.ts';
import type { JournalRow } from './journal.ts';
import type { Database } from './storage/database.ts';

export interface Ledger {
  /**
   * Checks and settles one order in a durable transaction, together with whatever is already due for its account.
   * Refusals are outcomes, never exceptions. Orders of one account settle in the order they were handed in.
   * @throws StorageError when the database could not answer: nothing was decided, ask again with the same key.
   */
  settle(order: Order): Promise<Outcome>;

  /** Rows of an account with a seq above `after`, in order, at most `limit`. */
  journal(account: string, after: number, limit: number): Promise<JournalRow[]>;
  /** The account's credits, true at this instant: what is due is settled first. Null for an unknown account. */
  credits(account: string): Promise<Credits | null>;
  purchase(account: string, id: string): Promise<Purchase | null>;
  /** Which account a purchase belongs to; null when there is no such purchase. */
  accountOfPurchase(id: string): Promise<string | null>;
  /** Settles what is due by now, at most `limit` accounts; answers the next instant anything is due. */
  runDue(limit: number): Promise<Ms | null>;

  /** Tables beside the money (identities, sessions, signing keys, checkpoints) live in the same database. */
  readonly database: Database;
  readonly events: LedgerEvents;
  close(): Promise<void>;
}
