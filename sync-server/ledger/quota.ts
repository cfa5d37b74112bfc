// A plan's pool in time: periods by UTC calendar, so that no timer can miss a reset (rules.md section 11).
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { PlanRule } from './rules.ts';

export interface Period {
  start: Ms;
  end: Ms;
}

/** The period an instant belongs to, counted from 1970-01-01T00:00Z; a request belongs to the period of its start. */
export function periodOf({ period_ms }: PlanRule, at: Ms): Period {
  const start = Math.floor(at / period_ms) * period_ms;
  return { start, end: start + period_ms };
}

/** How a cost is shared out: the pool first, what is over is charged. Unused quota does not roll over. */
export function share({ allowance }: PlanRule, used: Micros, cost: Micros): { quota: Micros; over: Micros } {
  const left = allowance > used ? allowance - used : 0n;
  const quota = cost < left ? cost : left;
  return { quota, over: cost - quota };
}
