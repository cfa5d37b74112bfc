// "Prove this entry": this device recomputes the chain of hashes over the entry's page, and compares what it shows with
// what is hashed.
import type { Entry, Head } from '../../../shared/account.ts';
import { canonicalEntry } from '../../../shared/chain.ts';
import { PAGE_SIZE, verifyPage } from '../../../shared/verify.ts';
import type { PageAnswer } from '../../view/messages.ts';

export type Proof =
  /** `checked` entries up to and with this one; `reaches` when the page's end is the chain's end in the book. */
  | { state: 'proved'; checked: number; reaches: boolean; prev: string; digest: string; hash: string }
  | { state: 'broken' }
  /** The page could not be read. */
  | { state: 'unknown' };

export async function proveOnDevice(
  entry: Entry,
  head: Head | null,
  read: (k: number) => Promise<PageAnswer>,
): Promise<Proof> {
  const answer = await read(Math.floor((entry.n - 1) / PAGE_SIZE)).catch(() => null);
  if (answer === null || (!answer.ok && answer.error !== 'broken_chain')) return { state: 'unknown' };
  if (!answer.ok) return { state: 'broken' };
  const { entries, prev, k } = answer.page;
  const at = entries.findIndex(({ n }) => n === entry.n);
  const own = entries[at];
  if (!own) return { state: 'unknown' };
  const verdict = await verifyPage({ k, prev }, entries);
  // What stands on the screen must be what is hashed.
  if (!verdict.ok || canonicalEntry(own) !== canonicalEntry(entry)) return { state: 'broken' };
  const last = entries.at(-1);
  const isEnd = head !== null && last?.n === head.n;
  if (isEnd && verdict.hash !== head.hash) return { state: 'broken' };
  return {
    state: 'proved',
    checked: at + 1,
    reaches: isEnd,
    prev: entries[at - 1]?.hash ?? prev,
    digest: own.private_digest,
    hash: own.hash,
  };
}
