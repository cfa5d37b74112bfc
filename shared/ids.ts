// Identifiers from outside: ids a caller supplies, and idempotency keys.

/** An id that a caller supplies: unique per account and kind. */
export const CALLER_ID = /^[A-Za-z0-9._:-]{1,64}$/;
/** An `Idempotency-Key`: 16-64 visible characters. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{16,64}$/;
