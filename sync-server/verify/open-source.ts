// Which database is verified: a SQLite file, or a PostgreSQL.
import { openPostgresSource } from './postgres-source.ts';
import type { RowSource } from './source.ts';
import { openSqliteSource } from './sqlite-source.ts';

export type Place = { file: string } | { databaseUrl: string };

/** @throws SourceError when it cannot be opened, or holds no ledger of this release */
export async function openSource(place: Place): Promise<RowSource> {
  return 'file' in place ? openSqliteSource(place.file) : await openPostgresSource(place.databaseUrl);
}
