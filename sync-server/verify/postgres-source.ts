// Reads a PostgreSQL without writing: one read-only transaction, cursors on the server's side.
import type { Client } from 'pg';
import { MigrationError, pendingMigrations, readMigrations } from '../ledger/storage/migrate.ts';
import { connect } from '../ledger/storage/postgres-connect.ts';
import type { Finding } from './findings.ts';
import { COLUMNS, type Range, type Table } from './queries.ts';
import { type Param, reasonOf, type Row, type Rows, type RowSource, SourceError } from './source.ts';

/** Rows fetched at once: a round trip is dear, memory is not. */
const BATCH = 1_000;

/** @throws SourceError when the server cannot be reached, or the database holds no ledger of this release */
export async function openPostgresSource(url: string): Promise<RowSource> {
  let client: Client | undefined;
  try {
    client = await connect(url);
    // However long it takes: nothing waits for a reader.
    await client.query(`SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
      SET default_transaction_read_only = on`);
    const { rows } = await client.query<{ name: string; checksum: string }>(
      'SELECT name, checksum FROM migration',
    );
    const [pending] = pendingMigrations(readMigrations('postgres'), rows);
    if (pending) {
      throw new SourceError(
        `The database is of an older release (${pending.name} is missing): start the server once.`,
      );
    }
    return new PostgresSource(client);
  } catch (error) {
    await client?.end();
    if (error instanceof SourceError) throw error;
    const reason =
      error instanceof MigrationError ? error.message : `The database cannot be read: ${reasonOf(error)}.`;
    throw new SourceError(reason, { cause: error });
  }
}

class PostgresSource implements RowSource {
  readonly engine = 'postgres';
  #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Indexes and triggers that the migrations make and this database does not have, or has switched off. */
  async schemaFaults(): Promise<Finding[]> {
    const { rows } = await this.#client.query<{ name: string }>(
      `SELECT indexname AS name FROM pg_indexes WHERE schemaname = ANY (current_schemas(false))
       UNION SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE tgenabled IN ('O', 'A') AND c.relnamespace::regnamespace::text = ANY (current_schemas(false))`,
    );
    const here = new Set(rows.map(({ name }) => name));
    const made = readMigrations('postgres').flatMap(({ sql }) => [
      ...sql.matchAll(/^CREATE (?:UNIQUE )?(INDEX|TRIGGER) (\w+)/gm),
    ]);
    return made
      .filter(([, , name = '']) => !here.has(name))
      .map(([, kind = '', name = '']) => ({
        rule: 'schema',
        account: null,
        seq: null,
        text: `${kind.toLowerCase()} ${name} is missing or switched off`,
      }));
  }

  pageFaults(): Promise<Finding[]> {
    return Promise.resolve([]);
  }

  async snapshot<T>(look: (rows: Rows) => Promise<T>): Promise<T> {
    await this.#client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      return await look(new PostgresRows(this.#client));
    } finally {
      // A connection that is lost has no transaction to end, and its loss was told.
      await this.#client.query('ROLLBACK').catch(() => {});
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}

/** Servers number their transfers by the block, so that only the commit instant tells the order of two. */
const ORDER: Partial<Record<Table, string>> = {
  journal: ', t.seq',
  transfer: ', t.at, t.pk',
  idempotency: ', t.seq',
};

/** Account by account; rows lie in a PostgreSQL in no order. */
function queryOf(table: Table): string {
  const account = table === 'account' ? 't.id' : 't.account COLLATE "C"';
  return `SELECT ${COLUMNS[table]} FROM ${table} t WHERE ${account} > $1 AND ${account} <= $2
    ORDER BY ${account} ${ORDER[table] ?? ''}`;
}

class PostgresRows implements Rows {
  #client: Client;
  #cursors = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  async *stream(table: Table, { after, upTo }: Range): AsyncGenerator<Row[]> {
    const name = `verify_${++this.#cursors}`;
    await this.#ask(`DECLARE ${name} NO SCROLL CURSOR FOR ${queryOf(table)}`, [after, upTo]);
    for (;;) {
      const batch = await this.#ask(`FETCH ${BATCH} FROM ${name}`);
      if (batch.length > 0) yield batch;
      if (batch.length < BATCH) break;
    }
    await this.#ask(`CLOSE ${name}`);
  }

  read(sql: string, params: Param[] = []): Promise<Row[]> {
    return this.#ask(sql, params);
  }

  async #ask(text: string, values: Param[] = []): Promise<Row[]> {
    try {
      // With `rowMode: 'array'` rows are arrays, which the driver's type does not know.
      const { rows } = await this.#client.query<Row & unknown[]>({ text, values, rowMode: 'array' });
      return rows;
    } catch (error) {
      throw new SourceError(`The database cannot be read on: ${reasonOf(error)}.`, { cause: error });
    }
  }
}
