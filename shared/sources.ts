// What a book says about accounts elsewhere that this one is connected to: io.net's own, read with its owner's key.
import * as z from 'zod/mini';
import { amount, count, instant, maybeInstant, text } from './fields.ts';

/**
 * `connecting` until the first answer; `limited`: asked to wait; `unreachable`: no answer, or none that can be read.
 * What stands in the section is what was read last, at `as_of`.
 */
export const SOURCE_STATES = [
  'connecting',
  'connected',
  'key_refused',
  'not_allowed',
  'limited',
  'unreachable',
] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** What is read, each apart from the others. */
export const SOURCE_PARTS = ['caas', 'vmaas', 'key', 'keys'] as const;
export type SourcePart = (typeof SOURCE_PARTS)[number];

/** The allowance of the key itself, which is not the account's balance; null for no limit. `cycle` as io.net words it. */
export const KeyAllowance = z.object({
  used: amount,
  limit: z.nullable(amount),
  remaining: z.nullable(amount),
  cycle: z.nullable(text(32)),
});
export type KeyAllowance = z.infer<typeof KeyAllowance>;

/** All keys of the account together; only a key that manages keys may see it. Most expensive model of today first. */
export const KeysUsage = z.object({
  keys: count,
  today: amount,
  all_time: amount,
  models: z
    .array(z.object({ model: text(128), input_tokens: count, output_tokens: count, cost: amount }))
    .check(z.maxLength(10)),
});
export type KeysUsage = z.infer<typeof KeysUsage>;

/** One connected account. io.net tells no balance of credits to a key, so there is none here. */
export const Source = z.object({
  state: z.enum(SOURCE_STATES),
  /** In this state since. */
  since: instant,
  connected_at: instant,
  as_of: maybeInstant,
  /** Parts that could not be read at the last attempt. */
  missing: z.array(z.enum(SOURCE_PARTS)),
  key: z.nullable(KeyAllowance),
  keys: z.nullable(KeysUsage),
});
export type Source = z.infer<typeof Source>;

/** Null for what is not connected. */
export const Sources = z.object({ ionet: z.nullable(Source) });
export type Sources = z.infer<typeof Sources>;
