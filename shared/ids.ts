// Identifiers from outside: ids a caller supplies, and idempotency keys.

/** An id that a caller supplies: unique per account and kind. */
export const CALLER_ID = /^[A-Za-z0-9._:-]{1,64}$/;
/** An `Idempotency-Key`: 16-64 visible characters. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{16,64}$/;

/**
 * A UUIDv7 (RFC 9562), which sorts by time.
 * @param now ms since 1970
 * @param random 10 random bytes
 */
export function uuidv7(now: number, random: Uint8Array): string {
  const tail = Array.from(random.subarray(0, 10), (byte, at) => {
    const stamped = at === 0 ? (byte & 0x0f) | 0x70 : at === 2 ? (byte & 0x3f) | 0x80 : byte;
    return stamped.toString(16).padStart(2, '0');
  });
  const hex = now.toString(16).padStart(12, '0') + tail.join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
