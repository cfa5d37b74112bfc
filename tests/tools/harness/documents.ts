// The documents that a device keeps, changed from outside as whoever owns the machine can.
import type { Page } from 'puppeteer-core';
import * as Y from 'yjs';

/** Names of all databases of the extension, sorted. */
export function databases(page: Page): Promise<string[]> {
  return page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name ?? '').toSorted());
}

/** Adds an update of one's own to the document whose database begins like this. */
export async function tamper(page: Page, prefix: string, change: (doc: Y.Doc) => void): Promise<void> {
  const name = (await databases(page)).find((each) => each.startsWith(prefix));
  if (name === undefined) throw new Error(`No database begins with ${prefix}`);
  const stored = await page.evaluate(readUpdates, name);
  const doc = new Y.Doc();
  for (const update of stored) Y.applyUpdate(doc, Uint8Array.from(update));
  const before = Y.encodeStateVector(doc);
  change(doc);
  await page.evaluate(addUpdate, name, [...Y.encodeStateAsUpdate(doc, before)]);
}

// These two run in the page.
async function readUpdates(name: string): Promise<number[][]> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error(name)));
    });
  const database = await done(indexedDB.open(name));
  const updates = await done<Uint8Array[]>(database.transaction('updates').objectStore('updates').getAll());
  database.close();
  return updates.map((update) => [...update]);
}
async function addUpdate(name: string, update: number[]): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  const transaction = database.transaction('updates', 'readwrite');
  transaction.objectStore('updates').add(Uint8Array.from(update));
  await new Promise<void>((resolve) => {
    transaction.oncomplete = () => resolve();
  });
  database.close();
}
