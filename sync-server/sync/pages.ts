// Pages: the history by 500 entries, read-only, built from the journal whenever one is opened. A full page never
// changes again; the running one follows the journal like a book. Same lanes rule as a book, so the same bytes always.
import type * as Y from 'yjs';
import { type ChainedEntry, PAGE_SIZE, type PageHead } from '../../shared/proof.ts';
import { chainedAfter, type ChainPlace, placeAfter } from '../ledger/chained.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createCatchUps } from './catch-up.ts';
import { epochOf } from './epoch.ts';
import { inEpoch, VALUE } from './lanes.ts';

/** Client ids of a page's two roots; part of the bytes, like those of a book. */
const PAGE_LANES = { page: 1, entries: 2 } as const;

/** Nothing of a page is stored: it comes from the journal each time. */
const ORIGIN = { source: 'local', skipStoreHooks: true } as const;

/** A page in memory, and how far it was read. */
export interface PageDoc extends Y.Doc {
  readonly name: string;
}

export interface Pages {
  /** Brings a page up to the journal as it stands, an empty document too. @throws StorageError */
  catchUp(page: PageDoc, account: string, k: number): Promise<void>;
  /** The open pages of an account that can still grow. */
  growing(account: string): Iterable<{ page: PageDoc; k: number }>;
}

export function entriesOf(page: Y.Doc): Y.Array<ChainedEntry> {
  return page.getArray<ChainedEntry>('entries');
}

function pageHeadOf(page: Y.Doc): PageHead | undefined {
  return page.getMap<PageHead>('page').get(VALUE);
}

export function createPages({ database }: Pick<Ledger, 'database'>): Pages {
  const numbers = new WeakMap<PageDoc, number>();
  const places = new WeakMap<PageDoc, ChainPlace>();
  const epochs = new WeakMap<PageDoc, number>();
  const open = new Map<string, Map<PageDoc, number>>();

  const { catchUp } = createCatchUps<PageDoc>(async (page, account) => {
    const k = numbers.get(page) ?? 0;
    const epoch = epochs.get(page) ?? (await epochOf(database));
    epochs.set(page, epoch);
    while (!page.isDestroyed && entriesOf(page).length < PAGE_SIZE) {
      const place = places.get(page) ?? (await placeAfter(database, account, k * PAGE_SIZE));
      if (!place) return;
      const room = PAGE_SIZE - entriesOf(page).length;
      const { entries, seq } = await chainedAfter(database, account, place.seq, room);
      if (seq === place.seq || page.isDestroyed) return;
      append(page, { k, prev: place.hash }, entries, epoch);
      places.set(page, { seq, hash: place.hash });
    }
    forget(page, account);
  });

  /** A page that is full, or closed, follows nothing. */
  function forget(page: PageDoc, account: string): void {
    const pages = open.get(account);
    pages?.delete(page);
    if (pages?.size === 0) open.delete(account);
  }

  return {
    async catchUp(page, account, k) {
      if (!numbers.has(page)) {
        numbers.set(page, k);
        let pages = open.get(account);
        if (!pages) open.set(account, (pages = new Map()));
        pages.set(page, k);
        page.once('destroy', () => forget(page, account));
      }
      await catchUp(page, account);
    },
    *growing(account) {
      for (const [page, k] of open.get(account) ?? []) yield { page, k };
    },
  };
}

/** Writes entries under the page's lanes; the head once, with the first of them. */
function append(page: Y.Doc, head: PageHead, entries: ChainedEntry[], epoch: number): void {
  if (entries.length === 0) return;
  const own = page.clientID;
  page.transact(() => {
    if (!pageHeadOf(page)) {
      page.clientID = inEpoch(PAGE_LANES.page, epoch);
      page.getMap<PageHead>('page').set(VALUE, head);
    }
    page.clientID = inEpoch(PAGE_LANES.entries, epoch);
    entriesOf(page).push(entries);
    // A document that keeps a lane's id would change it at the next update from elsewhere.
    page.clientID = own;
  }, ORIGIN);
}
