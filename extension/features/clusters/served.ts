// How long a cluster of the snapshot has run, and what it costs an hour.
import { type Micros, readBalance } from '../../../shared/micros.ts';
import type { Ms } from '../../../shared/time.ts';
import type { SnapshotCluster } from '../../view/snapshot.ts';

/** Time served until `now` (the server's), at most until its booked time ends; 0 before it started. */
export function servedMs(
  { started_at, ends_at }: Pick<SnapshotCluster, 'started_at' | 'ends_at'>,
  now: Ms,
): Ms {
  if (started_at === null) return 0;
  const until = ends_at === null ? now : Math.min(now, Date.parse(ends_at));
  return Math.max(0, until - Date.parse(started_at)) || 0;
}

/** Price of all its devices per hour. */
export function perHour({ hourly, quantity }: Pick<SnapshotCluster, 'hourly' | 'quantity'>): Micros {
  return readBalance(hourly) * BigInt(quantity);
}
