// The small fields that the sections of a book are made of, each with its bound.
import * as z from 'zod/mini';

/** Credits as decimal text, at most six decimals; a balance may be below zero. */
export const amount = z.string().check(z.regex(/^-?\d{1,13}(\.\d{1,6})?$/));
export const count = z.number().check(z.int(), z.nonnegative());
export const text = (max: number) => z.string().check(z.maxLength(max));
/** RFC 3339 UTC with milliseconds. */
export const instant = text(30);
export const maybeInstant = z.nullable(instant);
