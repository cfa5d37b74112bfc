// A device checks its own history: the chain of hashes from entry to entry, recomputed from what it was told.
import * as z from 'zod/mini';
import { Entry, Head } from './account.ts';
import { chainInput } from './chain.ts';
import { count, text } from './fields.ts';

/** Entries of a page; page k holds n from 500k+1 to 500k+500. */
export const PAGE_SIZE = 500;

/** A hex SHA-256. */
const hash = text(64);

/** An entry with its place in the chain: the hash after it, and the digest of its private part (both hex). */
export const ChainedEntry = z.extend(Entry, { hash, private_digest: hash });
export type ChainedEntry = z.infer<typeof ChainedEntry>;

/** What a page says about itself: its number, and the hash before its first entry. */
export const PageHead = z.object({ k: count, prev: hash });
export type PageHead = z.infer<typeof PageHead>;

/** One entry with all that its hash is made of, and how far the account was when this was told. */
export const EntryProof = z.object({ entry: Entry, private_digest: hash, prev: hash, hash, head: Head });
export type EntryProof = z.infer<typeof EntryProof>;

/** `n` is the first entry that does not follow from what stands before it. */
export type ChainVerdict = { ok: true; hash: string } | { ok: false; n: number };

/**
 * Recomputes the hashes of consecutive entries, oldest first.
 * @param prev the hash before the first of them (`NO_HASH` before entry 1)
 */
export async function verifyChain(entries: readonly ChainedEntry[], prev: string): Promise<ChainVerdict> {
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
export async function verifyPage(
  { k, prev }: PageHead,
  entries: readonly ChainedEntry[],
): Promise<ChainVerdict> {
  const first = k * PAGE_SIZE + 1;
  if (entries.length > 0 && entries[0]?.n !== first) return { ok: false, n: first };
  if (entries.length > PAGE_SIZE) return { ok: false, n: first + PAGE_SIZE };
  return verifyChain(entries, prev);
}

/** Whether a proof's hash follows from its parts, and agrees with its head where it is the last entry. */
export async function proveEntry({ entry, private_digest, prev, hash, head }: EntryProof): Promise<boolean> {
  if (entry.n > head.n || (entry.n === head.n && hash !== head.hash)) return false;
  return (await sha256(chainInput(prev, entry, private_digest))) === hash;
}

/** Hex SHA-256 of a text in UTF-8. */
async function sha256(input: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(input)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
