// Whether a snapshot needs what is shown only at times.
import { decisionOf } from '../../features/banner/decision.ts';
import { isNewAccount } from '../../features/getting-started/is-new.ts';
import type * as All from './moments.ts';
import type { Snapshot } from '../../view/snapshot.ts';

export type Moments = typeof All;

/** `now` is this device's. A window that opens later opens with a snapshot of its own. */
export function needsMoments(snapshot: Snapshot | null, now: number): boolean {
  return (
    snapshot === null ||
    snapshot.connection === 'signed_out' ||
    isNewAccount(snapshot) ||
    snapshot.waiting > 0 ||
    decisionOf(snapshot, now + snapshot.clock_offset) !== null
  );
}
