// Whether a text is a wallet's address, so that a form can say so while someone types and the ledger before it is kept.
import type { Chain } from './profile.ts';

// `shared` has no library but zod, and a device must say the same as the ledger: base58 is this one alphabet.
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const SOLANA = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const APTOS = /^0x([0-9a-fA-F]{1,64})$/;
const KEY_BYTES = 32;

/** How many bytes a base58 text stands for: its leading ones are zero bytes. */
function base58Bytes(text: string): number {
  let value = 0n;
  for (const sign of text) value = value * 58n + BigInt(BASE58.indexOf(sign));
  const zeros = text.length - text.replace(/^1+/, '').length;
  return zeros + (value === 0n ? 0 : Math.ceil(value.toString(16).length / 2));
}

/** A Solana address is 32 bytes in base58; an Aptos one is 0x and up to 64 hex digits, not all zero. */
export function isAddress(chain: Chain, text: string): boolean {
  if (chain === 'solana') return SOLANA.test(text) && base58Bytes(text) === KEY_BYTES;
  return /[1-9a-fA-F]/.test(APTOS.exec(text)?.[1] ?? '');
}

/** The chain that an address belongs to; null when it is none of ours. */
export function chainOf(text: string): Chain | null {
  if (isAddress('aptos', text)) return 'aptos';
  return isAddress('solana', text) ? 'solana' : null;
}

/** The one text of all that stand for the same address: Aptos drops leading zeros and knows no case. */
export function canonicalAddress(chain: Chain, text: string): string {
  return chain === 'solana' ? text : `0x${text.slice(2).toLowerCase().replace(/^0+/, '')}`;
}
