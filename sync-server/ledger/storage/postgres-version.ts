// Which PostgreSQL can take the rows of a batch: older ones refuse a record as an element of a typed array.
import type { Client } from 'pg';
import { StorageError } from './database.ts';

/** First release whose array input does not insist on the very type (array_recv). */
const OLDEST = 14;

/**
 * @param version `server_version_num`, e.g. `150018`
 * @throws StorageError when the server is too old, or does not say what it is
 */
export function mustTakeRows(version: string): void {
  if (!/^\d{5,6}$/.test(version)) {
    throw new StorageError(`The database says no version of PostgreSQL that is known (${version}).`);
  }
  const major = Math.floor(Number(version) / 10_000);
  if (major >= OLDEST) return;
  throw new StorageError(`PostgreSQL ${OLDEST} or later is needed, this server is PostgreSQL ${major}.`);
}

/** @throws StorageError as mustTakeRows does, the driver's error when the server does not answer */
export async function checkVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  );
  mustTakeRows(String(rows[0]?.version));
}
