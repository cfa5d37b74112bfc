// A key-value store in the extension's own IndexedDB, under idb-keyval: durable when it says so, and able to be deleted.
import { createStore, type UseStore } from 'idb-keyval';

export interface KeyedStore {
  use: UseStore;
  /** Closes and deletes the database; a later use makes it anew. */
  remove(): Promise<void>;
}

/** The object store `values` of a database that is opened at first use. */
export function openKeyedStore(database: string): KeyedStore {
  let opened: UseStore | null = null;
  let connection: IDBDatabase | null = null;
  const close = () => {
    connection?.close();
    connection = null;
    opened = null;
  };
  return {
    use(mode, callback) {
      opened ??= createStore(database, 'values');
      return opened(mode, (store) => {
        connection = store.transaction.db;
        // Deleted by someone else: let it go, and start anew at the next use.
        connection.onversionchange = close;
        return callback(store);
      });
    },
    async remove() {
      close();
      await deleteDatabase(database);
    },
  };
}

/** Resolves when the database is gone, or will be as soon as whoever else has it open closes it. */
export function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener('success', () => resolve());
    request.addEventListener('blocked', () => resolve());
    request.addEventListener('error', () =>
      reject(request.error ?? new Error(`${name} could not be deleted.`)),
    );
  });
}
