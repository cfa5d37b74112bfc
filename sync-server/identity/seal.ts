// Sealing with SECRETS_KEY: AES-256-GCM, bound to what the sealed value is for.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from './secrets.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed value does not open: another SECRETS_KEY, another purpose, or changed bytes. */
export class SealError extends Error {
  constructor() {
    super('A stored secret does not open with this SECRETS_KEY. Start with the key it was sealed with.');
    this.name = 'SealError';
  }
}

/** Seals a text as base64url of iv, tag and ciphertext. `purpose` must be given again to open it. */
export function seal(key: Uint8Array, text: string, purpose: string, random: Random): string {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

/** @throws SealError */
export function open(key: Uint8Array, sealed: string, purpose: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    throw new SealError();
  }
}
