// Whether an account has yet to begin.
import type { Snapshot } from '../../view/snapshot.ts';

/** True until the first purchase, while nothing of it runs. */
export function isNewAccount({ confirmed_at, tasks_open, recent, clusters }: Snapshot): boolean {
  if (confirmed_at === null || clusters.items.length > 0) return false;
  return tasks_open.includes('first_purchase') || (tasks_open.length === 0 && recent.length === 0);
}
