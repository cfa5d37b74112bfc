// User Acknowledgment: which version of the terms is current, and which one this account accepted.
import * as z from 'zod/mini';
import { instant, maybeInstant, text } from './fields.ts';

/** `accepted` is null, or an older version, while something waits to be accepted. */
export const Terms = z.object({
  version: text(64),
  published_at: instant,
  accepted: z.nullable(text(64)),
  accepted_at: maybeInstant,
});
export type Terms = z.infer<typeof Terms>;
