// The small fields that the sections of a book are made of, each with its bound.
import * as z from 'zod/mini';

// Marked pure: who takes a function of a section's file must not carry every schema that stands beside it.

/** Credits as decimal text, at most six decimals; a balance may be below zero. */
export const amount = /* @__PURE__ */ z.string().check(z.regex(/^-?\d{1,13}(\.\d{1,6})?$/));
export const count = /* @__PURE__ */ z.number().check(z.int(), z.nonnegative());
/* @__NO_SIDE_EFFECTS__ */
export const text = (max: number) => z.string().check(z.maxLength(max));
/** RFC 3339 UTC with milliseconds. */
export const instant = text(30);
/** Null, or left out: a book does not say what is not. */
/* @__NO_SIDE_EFFECTS__ */
export const orNull = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z._default(z.nullable(schema), null);
export const maybeInstant = /* @__PURE__ */ orNull(instant);
/** An amount that a book leaves out while it is zero. */
export const orZero = /* @__PURE__ */ z._default(amount, '0');
