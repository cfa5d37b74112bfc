// Whether a PostgreSQL notices bytes that its disk changed: it does so by checksums of its pages, unless they are off.
import type { Database } from './database.ts';

/** What to tell the operator; null when the pages have checksums, or the database is no PostgreSQL. @throws StorageError */
export async function missingChecksums(database: Database): Promise<string | null> {
  if (database.engine !== 'postgres') return null;
  const [row] = await database.read("SELECT current_setting('data_checksums') AS state");
  if (row?.['state'] === 'on') return null;
  return (
    'data_checksums is off in this PostgreSQL: a byte that its disk changes would be told as it is. ' +
    'Stop it, run `pg_checksums --enable`, and start it again.'
  );
}
