// Schema migrations: numbered SQL files per engine, forward only, each remembered with the checksum of its text.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

export interface Migration {
  name: string;
  sql: string;
  /** Hex SHA-256 of the text with LF line ends, so that a checkout on Windows is no drift. */
  checksum: string;
}

/** The database and this release disagree about the schema; nothing was changed. */
export class MigrationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MigrationError';
  }
}

const NAME = /^\d{3}_[a-z0-9_]+\.sql$/;

/** Remembers what was applied; the same statement on both engines. */
export const MIGRATION_TABLE =
  'CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)';

export function migration(name: string, text: string): Migration {
  const sql = text.replaceAll('\r\n', '\n');
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/** The migrations that this release brings for an engine, in order. */
export function readMigrations(engine: 'sqlite' | 'postgres'): Migration[] {
  const folder = new URL(`./migrations/${engine}/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => migration(name, readFileSync(new URL(name, folder), 'utf8')));
}

/**
 * What is still to run, each in a transaction of its own.
 * @throws MigrationError when an applied file was changed afterwards, or the database comes from a newer release.
 */
export function pendingMigrations(
  known: Migration[],
  applied: readonly { name: string; checksum: string }[],
): Migration[] {
  const done = new Map(applied.map((row) => [row.name, row.checksum]));
  for (const { name, checksum } of applied) {
    const match = known.find((each) => each.name === name);
    if (!match)
      throw new MigrationError(`The database has ${name}, which this release does not know: update it.`);
    if (match.checksum !== checksum) {
      throw new MigrationError(
        `${name} was changed after it ran on this database: restore the file as it was.`,
      );
    }
  }
  const pending = known.filter(({ name }) => !done.has(name));
  const late = pending.find(({ name }) => applied.some((row) => row.name > name));
  if (late)
    throw new MigrationError(`${late.name} comes before migrations that already ran: give it a new number.`);
  return pending;
}
