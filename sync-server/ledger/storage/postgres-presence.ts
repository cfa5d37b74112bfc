// Which servers are at work on a PostgreSQL: each holds a shared lock for as long as it listens there.
import { StorageError } from './database.ts';
import { connect } from './postgres-connect.ts';
import { asStorageError } from './postgres-errors.ts';

/** One ledger, which may share its database with others in schemas of their own. */
const LEDGER = "hashtextextended('io-glance ' || current_schema(), 0)";

/** Says, on a connection that lives as long as its server, that one is at work. */
export const PRESENT = `SELECT pg_advisory_lock_shared(${LEDGER})`;

/** @throws StorageError when a server is at work on the ledger, or the database cannot be reached. */
export async function mustBeAlone(url: string): Promise<void> {
  try {
    const client = await connect(url);
    try {
      const { rows } = await client.query<{ free: boolean }>(
        `SELECT pg_try_advisory_lock(${LEDGER}) AS free`,
      );
      if (rows[0]?.free === true) return;
    } finally {
      await client.end();
    }
  } catch (error) {
    throw asStorageError(error);
  }
  throw new StorageError('The ledger is in use by a server: stop every server on this database first.');
}
