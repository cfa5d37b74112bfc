// Opens the ledger: the embedded SQLite file, or the PostgreSQL that several servers share.
import { join } from 'node:path';
import type { Clock } from '../../shared/time.ts';
import type { RuleConfig } from './rules.ts';
import { ledgerEvents } from './events.ts';
import type { Ledger } from './ledger.ts';
import { openPostgres } from './storage/postgres.ts';
import { SqlLedger } from './storage/sql-ledger.ts';
import { openSqlite } from './storage/sqlite.ts';

export interface LedgerOptions {
  /** Folder of the SQLite file; made when missing. */
  dataDir: string;
  /** `postgres://...` to share a PostgreSQL instead of the file. */
  databaseUrl?: string | undefined;
  clock: Clock;
  rules: RuleConfig;
  /** Gives the ledger's ids from a seed, so that a simulated life repeats; without it they are random. */
  ids?: { seed: string };
}

/**
 * @throws StorageError when the database is in use, damaged, cannot be reached or belongs to another release.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { clock, rules } = options;
  const events = ledgerEvents();
  const onCommit = (account: string, seq: number) => events.emit('committed', { account, seq });
  const onDamage = (message: string) => events.emit('damaged', { message });
  const seed = options.ids?.seed;
  const storage =
    options.databaseUrl === undefined
      ? await openSqlite({ at: join(options.dataDir, 'glance.sqlite'), rules, seed }, onCommit, onDamage)
      : await openPostgres({ at: options.databaseUrl, rules, seed }, events);
  return new SqlLedger(storage, events, clock);
}
