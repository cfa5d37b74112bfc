// Thresholds that a person sets, and which of them are crossed now.
import * as z from 'zod/mini';
import { amount, maybeInstant } from './fields.ts';

/** Hours of runway, percent of the plan: whole or broken numbers within sense. */
const hours = z.number().check(z.positive(), z.maximum(8784));
const percent = z.number().check(z.int(), z.minimum(1), z.maximum(1000));

/** Null for off. Crossed when available credits fall under `balance`, and so on. */
export const Thresholds = z.object({
  balance: z.nullable(amount),
  runway_hours: z.nullable(hours),
  plan_share: z.nullable(percent),
  spend_per_day: z.nullable(amount),
});
export type Thresholds = z.infer<typeof Thresholds>;

export const ALERT_KINDS = ['balance', 'runway_hours', 'plan_share', 'spend_per_day'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** Since when a threshold is crossed; null while it is not, and so armed. */
export const Alerts = z.object({
  thresholds: Thresholds,
  crossed: z.object({
    balance: maybeInstant,
    runway_hours: maybeInstant,
    plan_share: maybeInstant,
    spend_per_day: maybeInstant,
  }),
});
export type Alerts = z.infer<typeof Alerts>;
