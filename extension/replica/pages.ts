// The history behind the book: a page is fetched over the living link when someone asks for it, proved, and kept for
// good once it is sealed.
import { get, set } from 'idb-keyval';
import * as Y from 'yjs';
import { NO_HASH } from '../../shared/chain.ts';
import { pageName } from '../../shared/documents.ts';
import type { ChainedEntry } from '../../shared/proof.ts';
import { type Ms, SECOND } from '../../shared/time.ts';
import { PAGE_SIZE, verifyPage } from '../../shared/verify.ts';
import { type KeyedStore, openKeyedStore } from './keyed-store.ts';
import type { Link } from './link.ts';
import { createSeries } from './series.ts';

export const PAGES_PREFIX = 'pages/';
export const pagesDatabase = (account: string) => `${PAGES_PREFIX}${account}`;
const WITHIN: Ms = 10 * SECOND;

/** `prev` is the hash before the first entry; `sealed` pages are full and never change. Newest entry last. */
export interface HistoryPage {
  k: number;
  sealed: boolean;
  prev: string;
  entries: ChainedEntry[];
}

export type PageResult = { ok: true; page: HistoryPage } | { ok: false; error: 'offline' | 'broken_chain' };

/** One account's pages on this device. */
export class Pages {
  readonly #account: string;
  readonly #store: KeyedStore;
  readonly #serially = createSeries();

  constructor(account: string) {
    this.#account = account;
    this.#store = openKeyedStore(pagesDatabase(account));
  }

  /** A sealed page that this device has, and that still proves itself; null for any other. */
  async kept(k: number): Promise<HistoryPage | null> {
    const page = await this.#stored(k);
    return page && (await this.#isProved(page)) ? page : null;
  }

  /** Fetches and proves a page, one at a time: the server gives a device only a few at once. */
  fetch(link: Link, k: number): Promise<PageResult> {
    return this.#serially(async () => {
      const page = await load(link, this.#account, k);
      if (!page) return { ok: false, error: 'offline' };
      if (!(await this.#isProved(page))) return { ok: false, error: 'broken_chain' };
      // One that cannot be kept is fetched again the next time.
      if (page.sealed) await set(k, page, this.#store.use).catch(() => null);
      return { ok: true, page };
    });
  }

  #stored(k: number): Promise<HistoryPage | undefined> {
    return get<HistoryPage>(k, this.#store.use).catch(() => undefined);
  }

  /** Its entries prove each other, and it lies between its neighbours as far as they are here. */
  async #isProved(page: HistoryPage): Promise<boolean> {
    if (page.entries.length === 0) return true;
    const [before, after] = await Promise.all([this.#stored(page.k - 1), this.#stored(page.k + 1)]);
    const prev = page.k === 0 ? NO_HASH : before?.entries.at(-1)?.hash;
    if (prev !== undefined && prev !== page.prev) return false;
    // Entries of another shape than ours throw, and prove nothing.
    const verdict = await verifyPage(page, page.entries).catch(() => null);
    return verdict?.ok === true && (!after || after.prev === verdict.hash);
  }
}

/** Null when the link does not bring it in time. */
async function load(link: Link, account: string, k: number): Promise<HistoryPage | null> {
  const doc = new Y.Doc();
  let close = () => {};
  let late: ReturnType<typeof setTimeout> | undefined;
  const isHere = await new Promise<boolean>((resolve) => {
    late = setTimeout(() => resolve(false), WITHIN);
    close = link.open(
      { name: pageName(account, k), doc },
      () => resolve(true),
      () => resolve(false),
    );
  });
  clearTimeout(late);
  close();
  const head: { prev?: string } | undefined = doc.getMap<{ prev: string }>('page').get('value');
  const entries = doc.getArray<ChainedEntry>('entries').toArray();
  doc.destroy();
  return isHere ? { k, sealed: entries.length === PAGE_SIZE, prev: head?.prev ?? NO_HASH, entries } : null;
}
