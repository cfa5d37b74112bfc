// Instants as milliseconds since 1970 UTC inside, RFC 3339 with milliseconds outside.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Ms = number;

/** A source of the present instant, handed in wherever time matters so that a test can hold it still. */
export interface Clock {
  now(): Ms;
}

export const SECOND: Ms = 1_000;
export const MINUTE: Ms = 60 * SECOND;
export const HOUR: Ms = 60 * MINUTE;
export const DAY: Ms = 24 * HOUR;

/** `2026-01-01T00:00:00.000Z` */
export function toRfc3339(at: Ms): string {
  return new Date(at).toISOString();
}

const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 instant from outside; null when it is none. */
export function parseRfc3339(text: string): Ms | null {
  if (!SHAPE.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}
