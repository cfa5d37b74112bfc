// What was spent on each of the last days, for sparklines and averages; exact history comes from pages.
import * as z from 'zod/mini';
import { amount, instant, text } from './fields.ts';

/** Days that a book keeps, today included. */
export const SPEND_DAYS = 8;

/** One UTC day: what each service cost (refunds deducted on the day they came), and the posted total at its end. */
export const SpendDay = z.object({
  day: text(10),
  spent: z.record(text(32), amount),
  balance: amount,
});
export type SpendDay = z.infer<typeof SpendDay>;

/**
 * Oldest first; a day on which nothing moved is left out. Written at most once in five minutes, so the last day's
 * figures are true at `as_of`.
 */
export const Spend = z.object({
  as_of: instant,
  days: z.array(SpendDay).check(z.maxLength(SPEND_DAYS)),
});
export type Spend = z.infer<typeof Spend>;
