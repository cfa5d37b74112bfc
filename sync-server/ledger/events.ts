// What one room must tell another without knowing it: a commit, a revoked session. Within one process; across
// processes the same two events travel as hints. Losing one is harmless: readers also catch up by themselves.
import { EventEmitter } from 'node:events';

export interface LedgerEventMap {
  /** An account's journal has grown up to `seq`. */
  committed: [{ account: string; seq: number }];
  /** The ledger's file was found damaged: nothing more is written, and only rows that are intact are read. */
  damaged: [{ message: string }];
  /** A signed-in device (its session id) may no longer read: its sockets close within a second. */
  revoked: [{ account: string; session: string }];
}

export type LedgerEvents = EventEmitter<LedgerEventMap>;

export function ledgerEvents(): LedgerEvents {
  const events = new EventEmitter<LedgerEventMap>();
  // One listener for each open stream of events, and a server has thousands.
  events.setMaxListeners(0);
  return events;
}
