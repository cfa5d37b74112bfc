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
  const tail = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const [a = '', b = '', c = '', d = ''] = [
    tail.slice(0, 3),
    (8 + ((random[1] ?? 0) & 3)).toString(16),
    tail.slice(5, 8),
    tail.slice(8, 20),
  ];
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${b}${c}-${d}`;
}
