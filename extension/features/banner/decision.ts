// The one thing that needs a decision now: grace over refused over pending payment over low over terms.
import { type Micros, readBalance } from '../../../shared/micros.ts';
import type { Ms } from '../../../shared/time.ts';
import type { Snapshot, SnapshotCluster, SnapshotPending } from '../../view/snapshot.ts';

export type Decision =
  /** `window`: how long it is in all, ms; null when nothing says it. */
  | { kind: 'grace'; until: Ms; window: Ms | null; debt: Micros; clusters: number }
  /** `debt` 0: paying does not end it. */
  | { kind: 'suspended'; debt: Micros }
  | { kind: 'refused'; item: SnapshotPending; code: string }
  | { kind: 'unpaid'; cluster: SnapshotCluster; until: Ms; shortfall: Micros }
  | { kind: 'low'; ends_at: Ms | null }
  | { kind: 'terms'; version: string };

/** `now` is the server's; a window that is over is no decision any more. Null when nothing needs one. */
export function decisionOf(snapshot: Snapshot, now: Ms): Decision | null {
  const { credits, pending, clusters, alerts, runway, terms_due } = snapshot;
  if (credits) {
    const debt = readBalance(credits.debt);
    const until = credits.grace_until === null ? Number.NaN : Date.parse(credits.grace_until);
    if (credits.state === 'grace' && until > now) {
      const window = until - Date.parse(credits.grace_since ?? '');
      return {
        kind: 'grace',
        until,
        window: window > 0 ? window : null,
        debt,
        clusters: clusters.stopping,
      };
    }
    if (credits.state === 'suspended')
      return { kind: 'suspended', debt: credits.suspended_for === 'chargeback' ? 0n : debt };
  }
  for (const item of pending)
    if (item.state === 'answered' && item.code !== undefined)
      return { kind: 'refused', item, code: item.code };
  for (const cluster of clusters.items) {
    const until = cluster.deadline === null ? Number.NaN : Date.parse(cluster.deadline);
    if (until > now)
      return { kind: 'unpaid', cluster, until, shortfall: readBalance(cluster.shortfall ?? '0') };
  }
  if (alerts.includes('balance') || alerts.includes('runway_hours')) {
    const ends_at = runway?.ends_at ?? null;
    return { kind: 'low', ends_at: ends_at !== null && ends_at > now ? ends_at : null };
  }
  return terms_due === null ? null : { kind: 'terms', version: terms_due };
}
