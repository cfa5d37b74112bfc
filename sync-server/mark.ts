// The mark: the last journal row that this server told anybody of, kept beside the database. A database that does not
// hold it was put back to an older state, or is another one, and the start is refused until that is accepted (X31).
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Ms, SECOND } from '../shared/time.ts';
import { type Job, repeat } from './jobs/repeat.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Database } from './ledger/storage/database.ts';
import { epochOf } from './sync/epoch.ts';

/** After a kill the mark may be this old: it then proves a little less, never something wrong. */
const KEEP_EVERY: Ms = 5 * SECOND;

const Mark = z.object({
  account: z.string().min(1).max(64),
  seq: z.number().int().positive(),
  hash: z.string().max(128),
  /** How often the ledger had been put back. */
  epoch: z.number().int().nonnegative().default(0),
});
type Mark = z.infer<typeof Mark>;

/** The ledger does not hold what was published: the message says what, and how to go on. */
export class LedgerWentBack extends Error {
  constructor({ account, seq }: Mark, file: string) {
    super(
      [
        `The ledger no longer holds journal row ${seq} of account ${account}, which devices were shown: an older copy`,
        'lies in its place, or another ledger. Put the newer one back; or accept the loss with',
        `\`npm run restore -- --accept-loss\`, and devices clone their books again. (The row is noted in ${file}.)`,
      ].join(' '),
    );
    this.name = 'LedgerWentBack';
  }
}

interface Where {
  DATA_DIR: string;
  DATABASE_URL?: string | undefined;
}

/** Where the mark of a database is kept: each database that a data folder was used with has its own. */
export function markFile({ DATA_DIR, DATABASE_URL }: Where): string {
  if (DATABASE_URL === undefined) return join(DATA_DIR, 'glance.sqlite.mark');
  // The password may change, and has no business in a name.
  const { host, pathname, searchParams } = new URL(DATABASE_URL);
  // A socket's folder and a schema are told behind the name of the database.
  const more = ['host', 'port', 'dbname', 'options'].map((key) => searchParams.get(key) ?? '');
  const name = createHash('sha256')
    .update([host + pathname, ...more].join('\n'))
    .digest('hex')
    .slice(0, 12);
  return join(DATA_DIR, `postgres-${name}.mark`);
}

/** What is noted; null when nothing is, or nothing that can be read. */
function readMark(file: string): Mark | null {
  try {
    return Mark.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

const HASH = 'SELECT hash FROM journal WHERE account = $1 AND seq = $2';

/** Whether a database holds what is noted. @throws LedgerWentBack, StorageError */
export async function mustHoldMark(file: string, database: Pick<Database, 'read'>): Promise<void> {
  const lost = await lostFrom(file, database);
  if (lost) throw new LedgerWentBack(lost, file);
}

/**
 * Whether a server may start on a database: it holds what is noted, or its loss was accepted since. That may have happened
 * on another machine, whose mark alone is gone, when machines share a PostgreSQL.
 * @throws LedgerWentBack, StorageError
 */
export async function checkMark(file: string, database: Pick<Database, 'engine' | 'read'>): Promise<void> {
  const lost = await lostFrom(file, database);
  if (!lost) return;
  if (database.engine === 'postgres' && (await epochOf(database)) > lost.epoch) return;
  throw new LedgerWentBack(lost, file);
}

/** What is noted and not in the database. */
async function lostFrom(file: string, database: Pick<Database, 'read'>): Promise<Mark | null> {
  const mark = readMark(file);
  if (!mark) return null;
  const [row] = await database.read(HASH, [mark.account, mark.seq]);
  return row?.['hash'] === mark.hash ? null : mark;
}

/** Going back is accepted. */
export function forgetMark(file: string): void {
  rmSync(file, { force: true });
}

export interface MarkOptions {
  file: string;
  ledger: Pick<Ledger, 'database' | 'events'>;
  log: { warn(facts: object, message: string): void };
  every?: Ms;
}

/** Keeps the mark up to date; once more at the end. */
export function startMark({ file, ledger, log, every = KEEP_EVERY }: MarkOptions): Job {
  let latest: { account: string; seq: number } | null = null;
  function onCommitted(commit: { account: string; seq: number }): void {
    latest = commit;
  }

  async function keep(): Promise<void> {
    if (!latest) return;
    const { account, seq } = latest;
    latest = null;
    try {
      const [row] = await ledger.database.read(HASH, [account, seq]);
      if (!row) return;
      const epoch = await epochOf(ledger.database);
      const mark: Mark = { account, seq, hash: String(row['hash']), epoch };
      const part = `${file}.part`;
      await writeFile(part, `${JSON.stringify(mark)}\n`, { mode: 0o600 });
      await rename(part, file);
    } catch (error) {
      // The next one will do: an older mark is as true.
      log.warn({ err: error }, 'the mark beside the ledger could not be written');
    }
  }
  ledger.events.on('committed', onCommitted);
  const keeping = repeat(keep, every);
  return {
    async stop() {
      await keeping.stop();
      ledger.events.off('committed', onCommitted);
      await keep();
    },
  };
}
