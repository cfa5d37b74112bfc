// `npm run restore -- FILE`: puts a copy in the place of the ledger's SQLite file. Refuses while a server holds it,
// refuses a damaged copy, and says which accounts would go back in time: that must be accepted (rules.md X31).
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  closeSync,
  fsyncSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Command } from 'commander';
import { syncFolder } from './backup.ts';
import { ConfigError, readPlace } from './config.ts';
import { StorageError } from './ledger/storage/database.ts';
import { lockFile } from './ledger/storage/sqlite-file.ts';
import type { RuleConfig } from './ledger/rules.ts';
import { rulesOf } from './rules.ts';
import { checkCopy, type CopyFacts, goneBack } from './verify/copy.ts';
import { lineOf } from './verify/findings.ts';
import { reasonOf, SourceError } from './verify/source.ts';
import { verify } from './verify/verify.ts';

/** Accounts named at most when they would go back. */
const MAX_NAMED = 20;

export interface RestoreOptions {
  copy: string;
  /** The ledger's file. */
  file: string;
  rules: RuleConfig;
  /** Known and wanted that accounts go back in time. */
  acceptLoss: boolean;
  /** Names the file that was replaced. */
  now: Date;
}

export interface Restored extends CopyFacts {
  /** Where the replaced file is kept; null when there was none. */
  aside: string | null;
}

/**
 * @throws StorageError when a server holds the file; SourceError when the copy is damaged, or accounts would go back
 * and that was not accepted. Then nothing was changed.
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { copy, file, now } = options;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lock = lockFile(file);
  try {
    const facts = checkCopy(copy);
    await mustBeSound(copy, options.rules);
    const replaces = existsSync(file);
    if (replaces && !options.acceptLoss) mustNotGoBack(file, copy);
    const part = `${file}.part`;
    rmSync(part, { force: true });
    copyFileSync(copy, part);
    chmodSync(part, 0o600);
    syncFile(part);
    const aside = replaces ? `${file}.replaced-${now.toISOString().replaceAll(/[:.]/g, '-')}` : null;
    if (aside !== null) keepAside(file, aside);
    // In one step: there is no instant at which a server would start on an empty ledger.
    renameSync(part, file);
    syncFolder(dirname(file));
    return { ...facts, aside };
  } finally {
    lock.release();
  }
}

/** Every chain and invariant: a copy that is wrong inside would be believed from here on. */
async function mustBeSound(copy: string, rules: RuleConfig): Promise<void> {
  let first: string | null = null;
  const { findings } = await verify({
    place: { file: copy },
    rules,
    onFinding: (finding) => (first ??= lineOf(finding)),
  });
  if (findings > 0) throw new SourceError(`${copy} is damaged (${findings} findings, the first: ${first}).`);
}

function mustNotGoBack(file: string, copy: string): void {
  let lost;
  try {
    lost = goneBack(file, copy);
  } catch (error) {
    throw new SourceError(
      `The present ledger cannot be read (${reasonOf(error)}), so nobody can say what would be lost. ` +
        'To restore all the same, add --accept-loss; the present file is kept aside.',
      { cause: error },
    );
  }
  if (lost.length === 0) return;
  const named = lost
    .slice(0, MAX_NAMED)
    .map(({ account, from, to }) => `${account}: from journal row ${from} back to ${to ?? 'nothing'}`);
  const more = lost.length > MAX_NAMED ? [`and ${lost.length - MAX_NAMED} accounts more`] : [];
  throw new SourceError(
    [
      'These accounts would go back in time; what came later would be gone from the ledger:',
      ...named,
      ...more,
      'To restore all the same, add --accept-loss; the present file is kept aside.',
    ].join('\n'),
  );
}

/** Keeps the present file under another name, whole: its log is written into it, or goes along when it cannot be. */
function keepAside(file: string, aside: string): void {
  if (!writeLogBack(file) && existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`);
  // A log that belongs to the replaced file must not meet the new one.
  for (const left of [`${file}-wal`, `${file}-shm`]) rmSync(left, { force: true });
  try {
    linkSync(file, aside);
  } catch {
    copyFileSync(file, aside, constants.COPYFILE_EXCL);
  }
}

/** Whether all of the log is in the file now; a damaged file says no. */
function writeLogBack(file: string): boolean {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}

async function main(): Promise<void> {
  const program = new Command('restore')
    .description('puts a copy in the place of the ledger; the replaced file is kept aside')
    .argument('<file>', 'the copy, as backup made it')
    .option('--accept-loss', 'restore although accounts go back in time', false)
    .parse();
  const [copy = ''] = program.args;
  const place = readPlace(process.env);
  if (place.DATABASE_URL !== undefined) {
    throw new SourceError(
      'The ledger is in PostgreSQL: restore it with pg_restore or the backups of its host.',
    );
  }
  const { acceptLoss } = program.opts<{ acceptLoss: boolean }>();
  const file = join(place.DATA_DIR, 'glance.sqlite');
  const done = await restore({ copy, file, rules: rulesOf(place, ''), acceptLoss, now: new Date() });
  process.stdout.write(`${file}: ${done.accounts} accounts, ${done.transfers} transactions\n`);
  if (done.aside !== null) process.stdout.write(`The replaced file is kept as ${done.aside}\n`);
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SourceError || error instanceof StorageError))
      throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
