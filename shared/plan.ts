// What a book says about the plan of IO Intelligence: the pool of this period and what used it.
import * as z from 'zod/mini';
import { amount, count, instant, maybeInstant, text } from './fields.ts';
import { type Micros, readBalance } from './money.ts';
import { type Ms, toRfc3339 } from './time.ts';

/** How often a pool is full again: at 00/08/16, at midnight, on Monday, on the 1st; all UTC. */
export const CYCLES = ['8h', 'daily', 'weekly', 'monthly'] as const;
export type Cycle = (typeof CYCLES)[number];

/** Models that a period names; what is used beyond them is counted under OTHER_MODELS. */
export const MAX_MODELS = 20;
export const OTHER_MODELS = 'other';

/** One model's part of the period: `cost` is what the plan's pool (`quota`) and credits (`charged`) paid together. */
export const ModelUsage = z.object({
  model: text(128),
  input_tokens: count,
  output_tokens: count,
  cost: amount,
  quota: amount,
  charged: amount,
});
export type ModelUsage = z.infer<typeof ModelUsage>;

/**
 * `used` of `allowance` in the period from `start` up to `end` (exclusive); past `end` everything is unused again.
 * `next` is the smaller plan that was chosen and begins at `next_at`.
 */
export const Plan = z.object({
  plan: text(64),
  title: text(64),
  next: z.nullable(text(64)),
  next_at: maybeInstant,
  cycle: z.enum(CYCLES),
  allowance: amount,
  used: amount,
  start: instant,
  end: instant,
  /** Most expensive first. */
  models: z.array(ModelUsage).check(z.maxLength(MAX_MODELS + 1)),
});
export type Plan = z.infer<typeof Plan>;

/** `over`: nothing is left. `ahead`: it ends before the reset at this pace. `gathering`: too early to say. */
export type PaceState = 'gathering' | 'on_pace' | 'ahead' | 'over';

export interface Pace {
  state: PaceState;
  /** Percent used now, over 100 with what was charged beyond the pool. Null for a plan without one. */
  share: number | null;
  /** Percent that will be used at the reset if it goes on like this; null while gathering. */
  expected: number | null;
  /** When the pool is empty at this pace, ms; null when it lasts. */
  runs_out_at: Ms | null;
  /** When the pool is full again, ms. */
  resets_at: Ms;
}

/** A tenth of the period has to pass before a pace means something. */
const SEEN = 0.1;

function periodAfter({ cycle, start }: Plan, end: Ms, now: Ms): Pick<Plan, 'start' | 'end'> {
  if (cycle === 'monthly') {
    const date = new Date(now);
    const first = (months: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
    return { start: toRfc3339(first(0)), end: toRfc3339(first(1)) };
  }
  const length = end - Date.parse(start);
  const begun = end + Math.floor((now - end) / length) * length;
  return { start: toRfc3339(begun), end: toRfc3339(begun + length) };
}

/** The plan section as it is at an instant of the server's time: past its period's end everything is unused again. */
export function planAt(plan: Plan, now: Ms): Plan {
  const end = Date.parse(plan.end);
  if (now < end) return plan;
  return { ...plan, used: '0', models: [], ...periodAfter(plan, end, now) };
}

/** What the period used in all, micros: out of its pool, and charged to credits beyond it. */
export function planUse(plan: Plan): Micros {
  return plan.models.reduce((sum, { charged }) => sum + readBalance(charged), readBalance(plan.used));
}

/** How the pool of the running period is going. */
export function paceOf(section: Plan, now: Ms): Pace {
  const plan = planAt(section, now);
  const [start, end] = [Date.parse(plan.start), Date.parse(plan.end)];
  const allowance = Number(readBalance(plan.allowance));
  const used = Number(readBalance(plan.used));
  const passed = (now - start) / (end - start);
  const share = allowance === 0 ? null : (Number(planUse(plan)) / allowance) * 100;
  const base = { share, resets_at: end };
  if (allowance === 0) return { ...base, state: 'gathering', expected: null, runs_out_at: null };
  if (used >= allowance) return { ...base, state: 'over', expected: base.share, runs_out_at: now };
  if (passed < SEEN) return { ...base, state: 'gathering', expected: null, runs_out_at: null };
  const expected = used / allowance / passed;
  const runs_out_at = expected > 1 ? Math.floor(start + (now - start) * (allowance / used)) : null;
  return {
    ...base,
    state: runs_out_at === null ? 'on_pace' : 'ahead',
    expected: expected * 100,
    runs_out_at,
  };
}

/** What one model used, beyond the pool too, as percent of the allowance; null for a plan without a pool. */
export function modelShare(plan: Plan, model: ModelUsage): number | null {
  const allowance = readBalance(plan.allowance);
  return allowance === 0n ? null : Number((readBalance(model.cost) * 10_000n) / allowance) / 100;
}
