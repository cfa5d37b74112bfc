// What the replica tells of itself after each change.
import type { Ms } from '../../shared/time.ts';
import type { BookView } from './book.ts';
import type { Pending } from './proposal-store.ts';

/**
 * `live` connected and in step, `resting` disconnected on purpose after a good sync, `offline` the server does not
 * answer, `signed_out` the server ended this sign-in.
 */
export type Connection = 'live' | 'resting' | 'offline' | 'signed_out';

/** What the replica knows; `book` is null while a new replica waits for its first sync. */
export interface ReplicaView {
  server: string;
  account_id: string;
  device_name: string;
  connection: Connection;
  /** Last instant (this device's clock) at which the server confirmed the numbers. */
  confirmed_at: Ms | null;
  clock_offset: Ms;
  book: BookView | null;
  /** Proposals without an answer, and refusals that nobody has read; oldest first. No number in `book` contains them. */
  pending: readonly Pending[];
}
