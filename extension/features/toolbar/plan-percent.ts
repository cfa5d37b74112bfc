// How much of a plan's pool is used, with what went beyond it.
import { readBalance } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';
import type { SnapshotPlan } from '../../view/snapshot.ts';

/** Percent; 0 once the period is over, null without a pool. `now` is the server's. */
export function planPercent(plan: SnapshotPlan | null, now: Ms): number | null {
  if (!plan) return null;
  const allowance = Number(readBalance(plan.allowance));
  if (allowance === 0) return null;
  if (plan.end !== null && now >= Date.parse(plan.end)) return 0;
  return (Number(readBalance(plan.used) + readBalance(plan.charged)) / allowance) * 100;
}
