// `npm run backup -- FILE`: a consistent copy of the ledger's SQLite file, also while the server runs.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup } from 'node:sqlite';
import { Command } from 'commander';
import { ConfigError, readPlace } from './config.ts';
import { reasonOf, SourceError } from './verify/source.ts';
import { checkCopy, type CopyFacts } from './verify/copy.ts';
import { openStill } from './verify/still.ts';

/** All pages in one step: a writer in another process cannot make the copy begin anew, and is not held up either. */
const ALL_PAGES = 2 ** 31 - 1;

/**
 * Copies `file` to `to`, checks the copy in short, and only then gives it its name.
 * @throws SourceError when there is nothing to copy, `to` exists, or the copy is not sound
 */
export async function backUp(file: string, to: string): Promise<CopyFacts> {
  if (!existsSync(file)) throw new SourceError(`There is no ${file} to copy: is DATA_DIR right?`);
  reserve(to);
  const part = `${to}.part`;
  try {
    // What a run that was killed left behind; the new one is for its owner's eyes, as the ledger is.
    rmSync(part, { force: true });
    closeSync(openSync(part, 'wx', 0o600));
    const db = openStill(file);
    try {
      await backup(db, part, { rate: ALL_PAGES });
    } finally {
      db.close();
    }
    const facts = checkCopy(part);
    renameSync(part, to);
    syncFolder(dirname(to));
    return facts;
  } catch (error) {
    for (const left of [part, to]) rmSync(left, { force: true });
    if (error instanceof SourceError) throw error;
    throw new SourceError(`The copy failed and was removed: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Takes the name, so that nothing that came meanwhile is overwritten. */
function reserve(to: string): void {
  try {
    closeSync(openSync(to, 'wx', 0o600));
  } catch (error) {
    const reason = existsSync(to) ? 'exists already: choose another name' : reasonOf(error);
    throw new SourceError(`${to} ${reason}.`, { cause: error });
  }
}

/** Makes a rename survive a loss of power; where folders cannot be synced, the file system sees to it. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

async function main(): Promise<void> {
  const program = new Command('backup')
    .description('copies the ledger, also while the server runs; never overwrites')
    .argument('<file>', 'the copy to make')
    .parse();
  const [to = ''] = program.args;
  const place = readPlace(process.env);
  if (place.DATABASE_URL !== undefined) {
    throw new SourceError('The ledger is in PostgreSQL: copy it with pg_dump or the backups of its host.');
  }
  const { accounts, transfers } = await backUp(join(place.DATA_DIR, 'glance.sqlite'), to);
  const size = (statSync(to).size / 1_000_000).toFixed(1);
  process.stdout.write(`${to}: ${accounts} accounts, ${transfers} transactions, ${size} MB\n`);
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SourceError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
