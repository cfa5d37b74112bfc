// The last page of an account's history, sealed as a server seals it: what "Prove this entry" recomputes.
import type { Entry } from '../../../shared/account.ts';
import { chainInput } from '../../../shared/chain.ts';
import type { ChainedEntry } from '../../../shared/proof.ts';
import { HOUR } from '../../../shared/time.ts';
import { PAGE_SIZE, sha256 } from '../../../shared/verify.ts';
import type { HistoryPage } from '../../../extension/replica/pages.ts';

const DIGEST = '5c'.repeat(32);
const SERVICES = ['caas', 'ray', 'inference'];

/** The page that ends with these entries (oldest first), and the hash it ends with. */
export async function lastPage(recent: readonly Entry[]): Promise<{ page: HistoryPage; hash: string }> {
  const first = recent[0];
  if (!first) throw new Error('No entry.');
  const last = first.n + recent.length - 1;
  const k = Math.floor((last - 1) / PAGE_SIZE);
  const start = k * PAGE_SIZE + 1;
  const older = Array.from({ length: first.n - start }, (_, index) => olderEntry(start + index, first));
  let hash = '7d'.repeat(32);
  const page: HistoryPage = { k, sealed: false, prev: hash, entries: [] };
  for (const entry of [...older, ...recent]) {
    hash = await sha256(chainInput(hash, entry, DIGEST));
    page.entries.push({ ...entry, hash, private_digest: DIGEST } satisfies ChainedEntry);
  }
  return { page, hash };
}

/** Entry `n`, some hours before `first`. */
export function olderEntry(n: number, first: Pick<Entry, 'n' | 'at' | 'balance'>): Entry {
  return {
    n,
    id: `0198a7f0-1111-7000-8000-${String(n).padStart(12, '0')}`,
    at: first.at - Math.round((first.n - n) * 3.4 * HOUR),
    service: SERVICES[n % SERVICES.length] ?? 'caas',
    type: 'usage',
    amount: `-${((n * 7) % 40) / 10 + 1}`,
    balance: first.balance,
    status: 'completed',
  };
}
