// A plan's pool in time: periods by UTC calendar, so that no timer can miss a reset (rules.md section 11).
import type { Micros } from '../../shared/money.ts';
import type { Cycle } from '../../shared/plan.ts';
import { DAY, HOUR, type Ms } from '../../shared/time.ts';
import type { PlanRule } from './rules.ts';

export interface Period {
  start: Ms;
  end: Ms;
}

/** 1970-01-05 was the first Monday. */
const MONDAY = 4 * DAY;
const WEEK = 7 * DAY;

function fixed(at: Ms, length: Ms, anchor = 0): Period {
  const start = Math.floor((at - anchor) / length) * length + anchor;
  return { start, end: start + length };
}

/**
 * The period an instant belongs to: the 1st of the month, Monday, or whole periods since 1970-01-01T00:00Z; all UTC. A
 * request belongs to the period of its start.
 */
export function periodOf({ period_ms, calendar }: PlanRule, at: Ms): Period {
  if (calendar === 'weekly') return fixed(at, WEEK, MONDAY);
  if (calendar !== 'monthly') return fixed(at, period_ms);
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) };
}

export function cycleOf({ period_ms, calendar }: PlanRule): Cycle {
  return calendar ?? (period_ms === 8 * HOUR ? '8h' : 'daily');
}

/** Whether a plan gives at least as much in the same time as another: then it begins at once. */
export function isUpgrade(from: PlanRule, to: PlanRule): boolean {
  const length = (rule: PlanRule) => {
    if (rule.calendar === undefined) return BigInt(rule.period_ms);
    return BigInt(rule.calendar === 'weekly' ? WEEK : 30 * DAY);
  };
  return to.allowance * length(from) >= from.allowance * length(to);
}

/** How a cost is shared out: the pool first, what is over is charged. Unused quota does not roll over. */
export function share({ allowance }: PlanRule, used: Micros, cost: Micros): { quota: Micros; over: Micros } {
  const left = allowance > used ? allowance - used : 0n;
  const quota = cost < left ? cost : left;
  return { quota, over: cost - quota };
}
