// Which databases of documents there are, and which of them nobody needs any more.
import { BOOK_PREFIX, bookDatabase } from './book.ts';
import type { DeviceRecord } from './device-store.ts';
import { deleteDatabase } from './keyed-store.ts';
import { PAGES_PREFIX, pagesDatabase } from './pages.ts';
import { TRAY_PREFIX, trayDatabase } from './tray.ts';

/** Deletes the documents that this sign-in does not show: left over when the worker died while healing or signing out. */
export async function wipeOtherDocuments(factory: IDBFactory, record: DeviceRecord | null): Promise<void> {
  const { account_id, device_id, epoch, tray_epoch = 0 } = record ?? {};
  const current = new Set<string>();
  if (account_id && epoch !== undefined) current.add(bookDatabase(account_id, epoch));
  if (account_id && device_id) current.add(trayDatabase(account_id, device_id, tray_epoch));
  if (account_id) current.add(pagesDatabase(account_id));
  const prefixes = [BOOK_PREFIX, TRAY_PREFIX, PAGES_PREFIX];
  const left = (await factory.databases()).flatMap(({ name }) =>
    name !== undefined && !current.has(name) && prefixes.some((prefix) => name.startsWith(prefix))
      ? [name]
      : [],
  );
  await Promise.all(left.map(deleteDatabase));
}
