// Which database is verified: a SQLite file, or a PostgreSQL.
import type { RowSource } from './source.ts';

export type Place = { file: string } | { databaseUrl: string };

/** @throws SourceError when it cannot be opened, or holds no ledger of this release */
export async function openSource(place: Place): Promise<RowSource> {
  // Only the driver that is needed: each takes its part of the memory.
  if ('file' in place) {
    const { openSqliteSource } = await import('./sqlite-source.ts');
    return openSqliteSource(place.file);
  }
  const { openPostgresSource } = await import('./postgres-source.ts');
  return await openPostgresSource(place.databaseUrl);
}
