// A CRDT document's database: y-indexeddb, with what it leaves to its user: compaction, loss, and writing ahead.
import { fetchUpdates, IndexeddbPersistence, storeState } from 'y-indexeddb';
import type * as Y from 'yjs';
import { deleteDatabase } from './keyed-store.ts';

// y-indexeddb adds a record per open and per change: above this many they become one at boot.
const COMPACT_ABOVE = 32;

/** An open database of one document. */
export interface Store {
  /** Writes an update that the document does not have yet; durable when it resolves. */
  writeAhead(update: Uint8Array): Promise<void>;
  /** Origin of transactions that need not be written again. */
  readonly written: unknown;
  close(): Promise<void>;
  /** Closes it and deletes its database. */
  wipe(): Promise<void>;
}

/**
 * Loads a document from its database and keeps it there from now on.
 * @param onLost called once when the database went away beneath the document, which then lives in memory only
 */
export async function openStore(database: string, doc: Y.Doc, onLost: () => void): Promise<Store> {
  const persistence = new IndexeddbPersistence(database, doc);
  // First, because this one rejects when the database cannot be opened; `whenSynced` would wait for ever.
  const db = await persistence._db;
  await persistence.whenSynced;
  await fetchUpdates(persistence);
  if (persistence._dbsize > COMPACT_ABOVE) await storeState(persistence);

  let open = true;
  const lost = () => {
    if (open) onLost();
    open = false;
  };
  db.addEventListener('versionchange', lost);
  db.addEventListener('close', lost);
  // Its own listener throws in the middle of a transaction when the database is gone.
  doc.off('update', persistence._storeUpdate);
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    try {
      if (open) persistence._storeUpdate(update, origin);
    } catch {
      lost();
    }
  });

  const close = async () => {
    open = false;
    await persistence.destroy();
    doc.destroy();
  };
  return {
    written: persistence,
    async writeAhead(update) {
      const transaction = db.transaction('updates', 'readwrite', { durability: 'strict' });
      transaction.objectStore('updates').add(update);
      await new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => resolve());
        transaction.addEventListener('abort', () =>
          reject(transaction.error ?? new Error('The write was cut off.')),
        );
      });
    },
    close,
    async wipe() {
      await close();
      await deleteDatabase(database);
    },
  };
}
