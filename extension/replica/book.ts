// One account's book on this device: the Y.Doc, its database, and what its sections say.
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { Answer, Credits, Entry, Head } from '../../shared/account.ts';
import { bookName } from '../../shared/documents.ts';
import { openStore } from './store.ts';

export const BOOK_PREFIX = 'book/';
export const bookDatabase = (account: string, epoch: number) => `${BOOK_PREFIX}${bookName(account)}#${epoch}`;

/** What a book says; null where it says nothing. */
export interface BookView {
  /** Null for an account without any journal row. */
  credits: Credits | null;
  head: Head | null;
  /** Oldest first, as the book has them. */
  recent: Entry[];
  /** Any section as it stands, unchecked; null for none. */
  section: (name: string) => unknown;
}

/** An open book: `close` ends it, `wipe` also deletes its database. */
export interface Book {
  readonly name: string;
  readonly doc: Y.Doc;
  /** Null when this release cannot read the credits: better the last good numbers than wrong ones. */
  read(): BookView | null;
  /** True when the book says something: a new replica is empty until its first sync. */
  hasContent(): boolean;
  section: (name: string) => unknown;
  /** What became of the last proposals, by their ids. */
  answers(): Map<string, Answer>;
  onChange(listener: () => void): void;
  close(): Promise<void>;
  wipe(): Promise<void>;
}

/** @param onLost called when the database went away beneath the book */
export async function openBook(account: string, epoch: number, onLost: () => void): Promise<Book> {
  const doc = new Y.Doc();
  const store = await openStore(bookDatabase(account, epoch), doc, onLost);
  return {
    name: bookName(account),
    doc,
    read: () => readBook(doc),
    section: (name) => section(doc, name),
    hasContent: () => doc.getMap('head').size > 0 || doc.getMap('credits').size > 0,
    answers: () => new Map(all(section(doc, 'answers'), Answer).map((answer) => [answer.intent, answer])),
    onChange: (listener) => doc.on('update', listener),
    close: store.close,
    wipe: store.wipe,
  };
}

function readBook(doc: Y.Doc): BookView | null {
  const credits = z.safeParse(z.nullable(Credits), section(doc, 'credits'));
  if (!credits.success) return null;
  return {
    credits: credits.data,
    head: z.safeParse(Head, section(doc, 'head')).data ?? null,
    recent: all(doc.getArray('recent').toArray(), Entry),
    section: (name) => section(doc, name),
  };
}

function section(doc: Y.Doc, name: string): unknown {
  return doc.getMap(name).get('value') ?? null;
}

/** The items of a list that this release can read. */
function all<T>(list: unknown, schema: z.ZodMiniType<T>): T[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    const parsed = z.safeParse(schema, item);
    return parsed.success ? [parsed.data] : [];
  });
}
