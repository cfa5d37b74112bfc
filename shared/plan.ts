// What a book says about the plan of IO Intelligence: the pool of this period and what used it.
import * as z from 'zod/mini';
import { amount, count, instant, maybeInstant, text } from './fields.ts';

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
