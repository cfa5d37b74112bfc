// Keeps the read-only documents that are open here up to date: filled when they open, after each commit, before a device
// gets them, and now and then in case a hint was lost.
import type { Document } from '@hocuspocus/server';
import type { Logger } from 'pino';
import { bookName, parseDocumentName } from '../../shared/documents.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createBooks } from './book.ts';
import { createPages } from './pages.ts';

export interface Upkeep {
  /** Fills a document that opens; a tray stays empty. @throws StorageError */
  load(document: Document): Promise<void>;
  /** Brings a document up to the journal as it stands. @throws StorageError */
  catchUp(document: Document): Promise<void>;
  /** Brings what is open of an account up to a known row of its journal, or as far as that goes; a failure is logged. */
  refresh(account: string, seq?: number): Promise<void>;
  /** Brings everything that is open up to date, unless that is under way. */
  poll(): Promise<void>;
  /** Whether a device has more of a book than the ledger, which then lost something. */
  isBehind(document: Document, vector: Uint8Array): boolean;
  /** Stores what saves time at the next load. */
  store(document: Document): Promise<void>;
}

/** @param open the documents in memory, by name */
export function createUpkeep(
  open: ReadonlyMap<string, Document>,
  ledger: Pick<Ledger, 'journal' | 'database'>,
  log: Pick<Logger, 'warn' | 'error'>,
): Upkeep {
  const books = createBooks(ledger, log);
  const pages = createPages(ledger);
  let polling = false;

  async function refresh(account: string, seq?: number): Promise<void> {
    const book = open.get(bookName(account));
    try {
      if (book) await (seq === undefined ? books.catchUp(book, account) : books.reach(book, account, seq));
      for (const { page, k } of pages.growing(account)) await pages.catchUp(page, account, k);
    } catch (error) {
      // The poll comes back to it.
      log.warn({ err: error, account }, 'a document could not be brought up to date');
    }
  }

  return {
    async load(document) {
      const subject = parseDocumentName(document.name);
      if (subject?.kind === 'book') await books.load(document, subject.account);
      if (subject?.kind === 'page') await pages.catchUp(document, subject.account, subject.page);
    },
    async catchUp(document) {
      const subject = parseDocumentName(document.name);
      if (subject?.kind === 'book') await books.catchUp(document, subject.account);
      if (subject?.kind === 'page') await pages.catchUp(document, subject.account, subject.page);
    },
    refresh,
    async poll() {
      if (polling) return;
      polling = true;
      // One after the other, so that thousands of documents never ask at once.
      const accounts = new Set<string>();
      for (const name of open.keys()) {
        const subject = parseDocumentName(name);
        if (subject && subject.kind !== 'tray') accounts.add(subject.account);
      }
      for (const account of accounts) await refresh(account);
      polling = false;
    },
    isBehind(document, vector) {
      return parseDocumentName(document.name)?.kind === 'book' && books.isBehind(document, vector);
    },
    async store(document) {
      const subject = parseDocumentName(document.name);
      if (subject?.kind === 'book') await books.store(document, subject.account);
    },
  };
}
