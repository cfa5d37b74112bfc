// Opens a SQLite file to be read only, so that not a byte is written: not even a log beside a copy that lies still.
import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { SourceError } from './source.ts';

const BUSY_MS = 5_000;

/** Whether a process may be at work on the file: then it has a log with something in it. */
export function isLive(file: string): boolean {
  return existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
}

/** @throws SourceError when there is no such file; the driver's error when it is no database */
export function openStill(file: string): DatabaseSync {
  if (!existsSync(file)) throw new SourceError(`There is no ${file}.`);
  const url = pathToFileURL(file);
  if (!isLive(file)) url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: BUSY_MS });
}
