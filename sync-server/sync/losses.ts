// Devices that have more of a book than the ledger: an older copy of the ledger was put in its place by hand (rules.md
// X31), or a device lies about itself. The server says so, and the devices go on: they clone their books again.
import type { Logger } from 'pino';
import { type Clock, MINUTE, type Ms } from '../../shared/time.ts';
import type { Seat } from './seat.ts';

/** A device tries again and again; its account is named this often. */
const SAY_EVERY: Ms = 10 * MINUTE;
/** Accounts remembered at most; beyond that some are named more often. */
const MAX_REMEMBERED = 10_000;

export interface Losses {
  /** A device showed up that is ahead of the ledger. */
  tell(seat: Seat): void;
}

/** @param onAhead called for every such device, each time it shows up */
export function createLosses(clock: Clock, log: Pick<Logger, 'error'>, onAhead: () => void): Losses {
  const saidAt = new Map<string, Ms>();
  return {
    tell({ document: { account }, member: { device } }) {
      onAhead();
      const now = clock.now();
      if (now - (saidAt.get(account) ?? -Infinity) < SAY_EVERY) return;
      if (saidAt.size >= MAX_REMEMBERED) saidAt.clear();
      saidAt.set(account, now);
      log.error(
        { account, device },
        'a device has rows of its book that the ledger lost: if an older copy was put back, stop the server and ' +
          'run `npm run restore -- --accept-loss`, so that every device clones its book again',
      );
    },
  };
}
