// Brings a PostgreSQL to this release's schema; several servers may start at once.
import type { Client } from 'pg';
import { StorageError } from './database.ts';
import { MIGRATION_TABLE, MigrationError, pendingMigrations, readMigrations } from './migrate.ts';

/** Any number that is only ours: one server migrates, the others wait for it. */
const LOCK = 4_700_001;

/** @throws StorageError when the database belongs to another release, or a migration fails (it leaves no trace). */
export async function migratePostgres(client: Client): Promise<void> {
  await client.query(`SELECT pg_advisory_lock(${LOCK})`);
  try {
    await client.query(MIGRATION_TABLE);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM migration',
    );
    for (const { name, checksum, sql } of pendingMigrations(readMigrations('postgres'), rows)) {
      await client.query('BEGIN');
      await client.query(sql);
      await client.query('INSERT INTO migration (name, checksum) VALUES ($1, $2)', [name, checksum]);
      await client.query('COMMIT');
    }
  } catch (error) {
    await client.query('ROLLBACK');
    if (error instanceof MigrationError) throw new StorageError(error.message, { cause: error });
    throw error;
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${LOCK})`);
  }
}
