// Recomputes the chain of hashes, apart from the schemas of proof.ts: a device's background has no room for those.
import type { Entry } from './account.ts';
import { chainInput } from './chain.ts';

/** Entries of a page; page k holds n from 500k+1 to 500k+500. */
export const PAGE_SIZE = 500;

/** `ChainedEntry` of proof.ts, and what a page says about itself. */
type Chained = Entry & { hash: string; private_digest: string };
type PagePlace = { k: number; prev: string };

/** `n` is the first entry that does not follow from what stands before it. */
export type ChainVerdict = { ok: true; hash: string } | { ok: false; n: number };

/**
 * Recomputes the hashes of consecutive entries, oldest first.
 * @param prev the hash before the first of them (`NO_HASH` before entry 1)
 */
export async function verifyChain(entries: readonly Chained[], prev: string): Promise<ChainVerdict> {
  let before = prev;
  const first = entries[0]?.n ?? 0;
  for (const [index, entry] of entries.entries()) {
    const isNext = entry.n === first + index;
    if (!isNext || (await sha256(chainInput(before, entry, entry.private_digest))) !== entry.hash) {
      return { ok: false, n: first + index };
    }
    before = entry.hash;
  }
  return { ok: true, hash: before };
}

/** Whether a page is page k, its entries are the right ones, and their chain holds. */
export async function verifyPage({ k, prev }: PagePlace, entries: readonly Chained[]): Promise<ChainVerdict> {
  const first = k * PAGE_SIZE + 1;
  if (entries.length > 0 && entries[0]?.n !== first) return { ok: false, n: first };
  if (entries.length > PAGE_SIZE) return { ok: false, n: first + PAGE_SIZE };
  return verifyChain(entries, prev);
}

/** Hex SHA-256 of a text in UTF-8. */
export async function sha256(input: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(input)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
