// API keys and refresh tokens: 256 random bits behind a prefix, shown once, kept as a SHA-256.
import { hash, timingSafeEqual } from 'node:crypto';

/** A source of random bytes, handed in so that a test can repeat itself. */
export type Random = (bytes: number) => Uint8Array;

export type SecretKind = 'iog_' | 'ior_';
const BYTES = 32;
const SHAPE = /^io[gr]_[A-Za-z0-9_-]{43}$/;

/** A new secret: `iog_` for an API key, `ior_` for a refresh token. */
export function newSecret(kind: SecretKind, random: Random): string {
  return kind + Buffer.from(random(BYTES)).toString('base64url');
}

/** Whether a text could be a secret of this kind; spares a look-up for what cannot. */
export function isSecret(kind: SecretKind, text: string): boolean {
  return text.startsWith(kind) && SHAPE.test(text);
}

/** What is stored in a secret's place: 256 random bits need no salt and no slow hash. */
export function digest(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Compares two texts in a time that depends on their lengths only. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
