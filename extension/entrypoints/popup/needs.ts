// Whether a snapshot's first frame needs more than the top: a banner moves what stands under it, so it comes with it.
import { decisionOf } from '../../features/banner/decision.ts';
import type * as All from './later.ts';
import type { Snapshot } from '../../view/snapshot.ts';

export type Later = typeof All;

/** `now` is this device's. A window that opens later opens with a snapshot of its own. */
export function needsLater(snapshot: Snapshot | null, now: number): boolean {
  return (
    snapshot === null ||
    snapshot.connection === 'signed_out' ||
    decisionOf(snapshot, now + snapshot.clock_offset) !== null
  );
}
