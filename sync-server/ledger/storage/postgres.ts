// The ledger on a PostgreSQL that any number of servers share: a thread of its own settles, this one reads, writes the
// tables beside the money, and hears what other servers committed.
import { type Client, Pool, type PoolClient } from 'pg';
import type { Outcome } from '../command.ts';
import type { Task } from '../engine.ts';
import type { LedgerEvents } from '../events.ts';
import {
  ConstraintError,
  type Database,
  type Row,
  type SqlValue,
  type Statement,
  StorageError,
} from './database.ts';
import { connect, connection, SETUP } from './postgres-connect.ts';
import { asStorageError } from './postgres-errors.ts';
import { PostgresHints } from './postgres-hints.ts';
import { migratePostgres } from './postgres-migrate.ts';
import { checkVersion } from './postgres-version.ts';
import type { Settlement } from './settlement.ts';
import type { WriterStart } from './writer-protocol.ts';
import { startWriter, type WriterThread } from './writer-thread.ts';

/** Connections for reads and for the tables beside the money. */
const POOL = 8;

/**
 * Connects to the PostgreSQL at `start.at` and brings it to this release's schema.
 * @throws StorageError when it cannot be reached, is too old or belongs to another release.
 */
export async function openPostgres(start: WriterStart, events: LedgerEvents): Promise<PostgresDatabase> {
  const hints = new PostgresHints(start.at, events);
  try {
    await migrated(start.at);
    await hints.open();
    const writer = await startWriter(
      new URL('./postgres.worker.ts', import.meta.url),
      start,
      (account, seq) => {
        events.emit('committed', { account, seq });
        hints.tell(account, seq);
      },
    );
    return new PostgresDatabase(start.at, writer, hints);
  } catch (error) {
    await hints.close();
    throw asStorageError(error);
  }
}

async function migrated(url: string): Promise<void> {
  const client: Client = await connect(url);
  try {
    await checkVersion(client);
    await migratePostgres(client);
  } finally {
    await client.end();
  }
}

export class PostgresDatabase implements Database, Settlement {
  readonly engine = 'postgres';
  #pool: Pool;
  #writer: WriterThread;
  #hints: PostgresHints;
  #closed = false;

  constructor(url: string, writer: WriterThread, hints: PostgresHints) {
    this.#pool = new Pool({ ...connection(url), max: POOL });
    this.#pool.on('connect', (client) => {
      // Queued before the first statement of whoever asked for the connection.
      client.query(SETUP).catch(() => {});
    });
    // An idle connection that is lost is replaced when one is needed.
    this.#pool.on('error', () => {});
    this.#writer = writer;
    this.#hints = hints;
  }

  settle(task: Task): Promise<Outcome> {
    return this.#writer.settle(task);
  }

  read(sql: string, params: SqlValue[] = []): Promise<Row[]> {
    return this.#with((client) => rowsOf(client, { sql, params }));
  }

  write(statements: Statement[]): Promise<Row[][]> {
    return this.#with(async (client) => {
      try {
        await client.query('BEGIN');
        const results: Row[][] = [];
        for (const statement of statements) results.push(await rowsOf(client, statement));
        await client.query('COMMIT');
        return results;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  /** Answers what was handed in, then gives all connections back. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writer.close();
    await this.#hints.close();
    await this.#pool.end();
  }

  async #with<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    if (this.#closed) throw new StorageError('The ledger is closed.');
    let client: PoolClient | undefined;
    let broken = false;
    try {
      client = await this.#pool.connect();
      return await work(client);
    } catch (error) {
      const failure = asStorageError(error);
      // A statement that the schema refused leaves the connection as good as it was.
      broken = !(failure instanceof ConstraintError);
      throw failure;
    } finally {
      client?.release(broken);
    }
  }
}

async function rowsOf(client: PoolClient, { sql, params }: Statement): Promise<Row[]> {
  const { rows } = await client.query<Row>(sql, params ?? []);
  return rows;
}
