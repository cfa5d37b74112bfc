// One account's book on this device: the Y.Doc, its database, and what its sections say.
import { clearDocument, fetchUpdates, IndexeddbPersistence, storeState } from 'y-indexeddb';
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { Credits, Entry, Head } from '../../shared/account.ts';
import { bookName } from '../../shared/documents.ts';
import { Profile } from '../../shared/profile.ts';

// y-indexeddb adds a record per open and per change: above this many they become one at boot.
const COMPACT_ABOVE = 32;
const PREFIX = 'book/';
const databaseName = (account: string, epoch: number) => `${PREFIX}${bookName(account)}#${epoch}`;

/** The sections a device shows so far; null where the book says nothing. */
export interface BookView {
  /** Null for an account without any journal row. */
  credits: Credits | null;
  head: Head | null;
  profile: Profile | null;
  /** Oldest first, as the book has them. */
  recent: Entry[];
}

/** An open book: `destroy` closes it, `wipe` also deletes its database. */
export interface Book {
  readonly name: string;
  readonly doc: Y.Doc;
  /** Null when this release cannot read the credits: better the last good numbers than wrong ones. */
  read(): BookView | null;
  /** True when the book says something: a new replica is empty until its first sync. */
  hasContent(): boolean;
  onChange(listener: () => void): void;
  destroy(): Promise<void>;
  wipe(): Promise<void>;
}

export async function openBook(account: string, epoch: number): Promise<Book> {
  const name = bookName(account);
  const database = databaseName(account, epoch);
  const doc = new Y.Doc();
  const persistence = new IndexeddbPersistence(database, doc);
  // First, because this one rejects when the database cannot be opened; `whenSynced` would wait for ever.
  await persistence._db;
  await persistence.whenSynced;
  await fetchUpdates(persistence);
  if (persistence._dbsize > COMPACT_ABOVE) await storeState(persistence);

  const destroy = async () => {
    await persistence.destroy();
    doc.destroy();
  };
  return {
    name,
    doc,
    read: () => readBook(doc),
    hasContent: () => doc.getMap('head').size > 0 || doc.getMap('credits').size > 0,
    onChange: (listener) => doc.on('update', listener),
    destroy,
    async wipe() {
      await destroy();
      await clearDocument(database);
    },
  };
}

/** Deletes the databases of books that this device no longer shows, left over when the worker died while healing. */
export async function wipeOtherBooks(factory: IDBFactory, account: string, epoch: number): Promise<void> {
  const current = databaseName(account, epoch);
  const left = (await factory.databases()).flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []));
  await Promise.all(left.filter((name) => name !== current).map((name) => clearDocument(name)));
}

function readBook(doc: Y.Doc): BookView | null {
  const raw = (name: string): unknown => doc.getMap(name).get('value') ?? null;
  const section = <T>(name: string, schema: z.ZodMiniType<T>): T | null => {
    const parsed = z.safeParse(schema, raw(name));
    return parsed.success ? parsed.data : null;
  };
  const credits = section('credits', Credits);
  if (credits === null && raw('credits') !== null) return null;
  const recent = doc.getArray<unknown>('recent').toArray();
  return {
    credits,
    head: section('head', Head),
    profile: section('profile', Profile),
    recent: recent.flatMap((value) => {
      const entry = z.safeParse(Entry, value);
      return entry.success ? [entry.data] : [];
    }),
  };
}
