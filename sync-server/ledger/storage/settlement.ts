// What a storage offers the ledger beside its SQL: durable settling of one order.
import type { Outcome } from '../command.ts';
import type { Task } from '../engine.ts';

export interface Settlement {
  /** Orders of one account settle in the order of the calls. @throws StorageError, LedgerFault. */
  settle(task: Task): Promise<Outcome>;
  close(): Promise<void>;
}
