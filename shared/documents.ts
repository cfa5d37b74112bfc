// Names of the replicated documents, and the version that says how the book is projected.

/** Rises when a release would project other bytes from the same journal. */
export const BOOK_VERSION = 1;

export type DocumentName =
  | { kind: 'book'; account: string }
  | { kind: 'page'; account: string; page: number }
  | { kind: 'tray'; account: string; device: string };

const ID = '[A-Za-z0-9._-]{1,64}';
const BOOK = new RegExp(`^account:(${ID}):v${BOOK_VERSION}$`);
const PAGE = new RegExp(`^page:(${ID}):(0|[1-9]\\d{0,9}):v${BOOK_VERSION}$`);
const TRAY = new RegExp(`^tray:(${ID}):(${ID})$`);

export function bookName(account: string): string {
  return `account:${account}:v${BOOK_VERSION}`;
}

export function pageName(account: string, page: number): string {
  return `page:${account}:${page}:v${BOOK_VERSION}`;
}

export function trayName(account: string, device: string): string {
  return `tray:${account}:${device}`;
}

/** What a document name stands for; null for a name that is none of ours (also another version's). */
export function parseDocumentName(name: string): DocumentName | null {
  const book = BOOK.exec(name);
  if (book?.[1]) return { kind: 'book', account: book[1] };
  const page = PAGE.exec(name);
  if (page?.[1]) return { kind: 'page', account: page[1], page: Number(page[2]) };
  const tray = TRAY.exec(name);
  if (tray?.[1] && tray[2]) return { kind: 'tray', account: tray[1], device: tray[2] };
  return null;
}
