// How much of a plan is used: its pool, what went beyond it, and each model's part. Percent of the allowance.
import { type Micros, readBalance } from '../../../shared/micros.ts';
import type { Ms } from '../../../shared/time.ts';
import type { SnapshotPlan } from '../../view/snapshot.ts';

export interface PlanShare {
  /** Percent used, over 100 with what was charged beyond the pool; null for a plan without a pool. */
  percent: number | null;
  /** What went beyond the pool, micros. */
  over: Micros;
  /** Percent by model, most expensive first; the rest of all others is the last. */
  parts: { model: string; percent: number }[];
  others: number;
  /** When the pool is full again, ms of the server; null when nobody says. */
  resets_at: Ms | null;
  /** The period that these figures were about is over: the pool is full, and nothing newer is known. */
  renewed: boolean;
}

/** `now` is the server's. */
export function planShare(plan: SnapshotPlan, now: Ms): PlanShare {
  const allowance = Number(readBalance(plan.allowance));
  const resets_at = plan.end === null ? null : Date.parse(plan.end);
  const renewed = resets_at !== null && now >= resets_at;
  const over = renewed ? 0n : readBalance(plan.charged);
  const used = renewed ? 0n : readBalance(plan.used);
  if (allowance === 0) return { percent: null, over, parts: [], others: 0, resets_at, renewed };
  const share = (micros: Micros) => (Number(micros) / allowance) * 100;
  const parts = renewed
    ? []
    : plan.models.map(({ model, cost }) => ({ model, percent: share(readBalance(cost)) }));
  const named = parts.reduce((sum, { percent }) => sum + percent, 0);
  const percent = share(used + over);
  return { percent, over, parts, others: Math.max(0, percent - named), resets_at, renewed };
}
