// What a device may propose in its tray. The tray checks the envelope and the sizes; the body is the JSON of the HTTP
// call that the proposal stands for, and a wrong one is answered with a refusal, never with silence.
import * as z from 'zod/mini';
import { Thresholds } from './alerts.ts';
import { PAY_METHODS } from './fees.ts';
import { CALLER_ID } from './ids.ts';
import { CHAINS } from './profile.ts';

export { MAX_INTENT_BODY, MAX_TRAY_UPDATE, MAX_WAITING_INTENTS, TRAY_ROOT } from './tray.ts';

/** A proposal's id is its idempotency key, so it is as long as one: 16 to 64 characters. */
const IntentId = z.string().check(z.regex(CALLER_ID), z.minLength(16));

/** `at` is the device's instant in ms: it orders the proposals of one tray and means nothing else. */
export const Intent = z.strictObject({
  id: IntentId,
  kind: z.string().check(z.minLength(1), z.maxLength(64)),
  at: z.number().check(z.int(), z.nonnegative()),
  body: z.record(z.string(), z.unknown()),
});
export type Intent = z.infer<typeof Intent>;

// Amounts are checked by the money rules (M2), which know why one is wrong.
const amount = z.unknown();
const id = z.string().check(z.regex(CALLER_ID));
const word = (max: number) => z.string().check(z.minLength(1), z.maxLength(max));

/** Hours of one extension: at most a year. */
export const MAX_HOURS = 8784;

/** The body of each kind that this release settles. */
export const INTENT_BODIES = {
  'purchase.start': z.strictObject({ amount, method: z.enum(PAY_METHODS) }),
  'withdrawal.request': z.strictObject({ amount, wallet_address: word(128) }),
  'withdrawal.cancel': z.strictObject({ id }),
  'deployment.extend': z.strictObject({
    id,
    hours: z.number().check(z.int(), z.minimum(1), z.maximum(MAX_HOURS)),
  }),
  'deployment.end': z.strictObject({ id }),
  'plan.choose': z.strictObject({ plan: word(64) }),
  'profile.set': z.strictObject({ name: z.optional(word(200)), timezone: z.optional(word(64)) }),
  'wallet.add': z.strictObject({ chain: z.enum(CHAINS), address: word(128) }),
  'wallet.remove': z.strictObject({ id }),
  'wallet.primary': z.strictObject({ id }),
  /** What is left out is switched off. */
  'alerts.set': z.strictObject({
    balance: z._default(Thresholds.shape.balance, null),
    runway_hours: z._default(Thresholds.shape.runway_hours, null),
    plan_share: z._default(Thresholds.shape.plan_share, null),
    spend_per_day: z._default(Thresholds.shape.spend_per_day, null),
  }),
  'notice.seen': z.strictObject({ id }),
  'terms.accept': z.strictObject({ version: word(64) }),
} as const;
export type IntentKind = keyof typeof INTENT_BODIES;

export function isIntentKind(kind: string): kind is IntentKind {
  return Object.hasOwn(INTENT_BODIES, kind);
}
