// A device checks its own history: the chain of hashes from entry to entry, recomputed from what it was told.
import * as z from 'zod/mini';
import { Entry, Head } from './account.ts';
import { chainInput } from './chain.ts';
import { count, text } from './fields.ts';
import { sha256 } from './verify.ts';

export { type ChainVerdict, PAGE_SIZE, verifyChain, verifyPage } from './verify.ts';

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

/** Whether a proof's hash follows from its parts, and agrees with its head where it is the last entry. */
export async function proveEntry({ entry, private_digest, prev, hash, head }: EntryProof): Promise<boolean> {
  if (entry.n > head.n || (entry.n === head.n && hash !== head.hash)) return false;
  return (await sha256(chainInput(prev, entry, private_digest))) === hash;
}
