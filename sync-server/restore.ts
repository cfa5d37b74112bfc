// `npm run restore -- FILE`: puts a copy in the place of the ledger's SQLite file. Refuses while a server holds it,
// refuses a damaged copy, and says which accounts would go back in time: that must be accepted (rules.md X31).
// Without a file it accepts the ledger that lies there, on either engine, when somebody else put it back.
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
import type { Clock, Ms } from '../shared/time.ts';
import { syncFolder } from './backup.ts';
import { ConfigError, type Place, readPlace } from './config.ts';
import { openLedger } from './ledger/open.ts';
import { StorageError } from './ledger/storage/database.ts';
import { MigrationError, readMigrations } from './ledger/storage/migrate.ts';
import { mustBeAlone } from './ledger/storage/postgres-presence.ts';
import { lockFile, openWriter } from './ledger/storage/sqlite-file.ts';
import { positional, rowsOf } from './ledger/storage/sqlite-sql.ts';
import { checkLog, cutLog, logDamage } from './ledger/storage/wal-check.ts';
import type { RuleConfig } from './ledger/rules.ts';
import { forgetMark, LedgerWentBack, markFile, mustHoldMark } from './mark.ts';
import { rulesOf, systemClock } from './rules.ts';
import { nextEpoch } from './sync/epoch.ts';
import { checkCopy, type CopyFacts, goneBack } from './verify/copy.ts';
import { lineOf } from './verify/findings.ts';
import type { Place as VerifyPlace } from './verify/open-source.ts';
import { reasonOf, SourceError } from './verify/source.ts';
import { openStill } from './verify/still.ts';
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
    const part = `${file}.part`;
    for (const left of ['', '-wal', '-shm']) rmSync(`${part}${left}`, { force: true });
    const replaces = existsSync(file);
    try {
      copyFileSync(copy, part);
      chmodSync(part, 0o600);
      await makeReady(part, options);
      if (replaces && !options.acceptLoss) mustNotGoBack(file, part);
      if (!options.acceptLoss) await mustHoldNoted(file, part);
    } catch (error) {
      for (const left of ['', '-wal', '-shm']) rmSync(`${part}${left}`, { force: true });
      throw error;
    }
    syncFile(part);
    const aside = replaces ? `${file}.replaced-${stamp(now)}` : null;
    if (aside !== null) keepAside(file, aside);
    // A log that belongs to another file, perhaps one that is gone, must not meet the new one.
    for (const left of [`${file}-wal`, `${file}-shm`]) rmSync(left, { force: true });
    // In one step: there is no instant at which a server would start on an empty ledger.
    renameSync(part, file);
    syncFolder(dirname(file));
    if (options.acceptLoss) forgetMark(`${file}.mark`);
    return { ...facts, aside };
  } finally {
    lock.release();
  }
}

/**
 * Brings a copy to this release and to the next epoch, so that no device takes it for what it has, and checks every chain
 * and invariant: a copy that is wrong inside would be believed from here on.
 */
async function makeReady(part: string, { copy, rules, now }: RestoreOptions): Promise<void> {
  const db = openWriter(part, readMigrations('sqlite'));
  try {
    for (const { sql, params = [] } of nextEpoch(now.getTime())) db.prepare(positional(sql)).run(...params);
  } finally {
    db.close();
  }
  const { findings, first } = await findingsIn({ file: part }, rules);
  if (findings > 0) throw new SourceError(`${copy} is damaged (${findings} findings, the first: ${first}).`);
}

async function findingsIn(
  place: VerifyPlace,
  rules: RuleConfig,
): Promise<{ findings: number; first: string | null }> {
  let first: string | null = null;
  const { findings } = await verify({
    place,
    rules,
    onFinding: (finding) => (first ??= lineOf(finding)),
  });
  return { findings, first };
}

function mustNotGoBack(file: string, copy: string): void {
  let lost;
  try {
    checkLog(file);
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

/** What devices were shown and the present file may not even know any more. */
async function mustHoldNoted(file: string, part: string): Promise<void> {
  const db = openStill(part);
  try {
    await mustHoldMark(`${file}.mark`, {
      read: async (sql, params = []) => rowsOf(db.prepare(positional(sql), { readBigInts: true }), params),
    });
  } finally {
    db.close();
  }
}

export interface AcceptOptions {
  place: Pick<Place, 'DATA_DIR' | 'DATABASE_URL'>;
  rules: RuleConfig;
  clock: Clock;
}

/**
 * Accepts the ledger as it lies there after somebody put an older one in its place: devices clone their books again.
 * @throws StorageError when a server holds it; SourceError when it is not sound
 */
export async function acceptPresent({ place, rules, clock }: AcceptOptions): Promise<void> {
  const { DATA_DIR: dataDir, DATABASE_URL: databaseUrl } = place;
  if (databaseUrl === undefined) cutDamagedLog(join(dataDir, 'glance.sqlite'), clock.now());
  // One that runs would write its books on under the epoch that ends here.
  else await mustBeAlone(databaseUrl);
  const ledger = await openLedger({ dataDir, databaseUrl, clock, rules });
  try {
    const where = databaseUrl === undefined ? { file: join(dataDir, 'glance.sqlite') } : { databaseUrl };
    const { findings, first } = await findingsIn(where, rules);
    if (findings > 0)
      throw new SourceError(`The ledger is damaged (${findings} findings, the first: ${first}).`);
    await ledger.database.write(nextEpoch(clock.now()));
  } finally {
    await ledger.close();
  }
  forgetMark(markFile(place));
}

/** What stands behind the damage is lost; the log is kept whole beside the file. */
function cutDamagedLog(file: string, now: Ms): void {
  if (!existsSync(file)) return;
  const lock = lockFile(file);
  try {
    if (logDamage(file) !== null) cutLog(file, `${file}-wal.broken-${stamp(now)}`);
  } finally {
    lock.release();
  }
}

const stamp = (now: Ms | Date) => new Date(now).toISOString().replaceAll(/[:.]/g, '-');

/** Keeps the present file under another name, whole: its log is written into it, or goes along when it cannot be. */
function keepAside(file: string, aside: string): void {
  // A damaged log holds more than SQLite would write back of it.
  const whole = logDamage(file) === null && writeLogBack(file);
  if (!whole && existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`);
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
    .argument(
      '[file]',
      'the copy, as backup made it; without one, the ledger that was put there by other means',
    )
    .option('--accept-loss', 'restore although accounts go back in time', false)
    .parse();
  const [copy] = program.args;
  const place = readPlace(process.env);
  const { acceptLoss } = program.opts<{ acceptLoss: boolean }>();
  const rules = rulesOf(place, '');
  if (copy === undefined) {
    if (!acceptLoss)
      throw new SourceError('Name the copy to restore, or accept what lies there with --accept-loss.');
    await acceptPresent({ place, rules, clock: systemClock });
    process.stdout.write('The ledger is accepted as it is; devices clone their books again.\n');
    return;
  }
  if (place.DATABASE_URL !== undefined) {
    throw new SourceError(
      'The ledger is in PostgreSQL: restore it with pg_restore or the backups of its host, then run this with ' +
        '--accept-loss and no file.',
    );
  }
  const file = join(place.DATA_DIR, 'glance.sqlite');
  const done = await restore({ copy, file, rules, acceptLoss, now: new Date() });
  process.stdout.write(`${file}: ${done.accounts} accounts, ${done.transfers} transactions\n`);
  if (done.aside !== null) process.stdout.write(`The replaced file is kept as ${done.aside}\n`);
}

const EXPECTED = [ConfigError, SourceError, StorageError, MigrationError, LedgerWentBack];

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Error) || !EXPECTED.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
