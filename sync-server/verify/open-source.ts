// Which database is verified: a SQLite file, or a PostgreSQL.
import type { RowSource } from './source.ts';
import { openSqliteSource } from './sqlite-source.ts';

export type Place = { file: string } | { databaseUrl: string };

/** @throws SourceError when it cannot be opened, or holds no ledger of this release */
export async function openSource(place: Place): Promise<RowSource> {
  if ('file' in place) return openSqliteSource(place.file);
  throw new Error('postgres');
}
