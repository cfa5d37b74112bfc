// Reads a SQLite file without writing a byte: beside a running server, or a copy that lies still.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { MigrationError, pendingMigrations, readMigrations } from '../ledger/storage/migrate.ts';
import { positional } from '../ledger/storage/sqlite-sql.ts';
import type { Finding } from './findings.ts';
import { COLUMNS, type Range, type Table } from './queries.ts';
import { type Param, reasonOf, type Row, type Rows, type RowSource, SourceError } from './source.ts';
import { isLive, openStill } from './still.ts';

/** Rows read at once: few enough to stay small, enough to make a batch cheap. */
const BATCH = 256;
/** Damaged pages named at most. */
const MAX_FAULTS = 20;
/** Pages are mostly met once, so that a larger cache only costs memory. */
const CACHE_KB = 4_096;

/**
 * @throws SourceError when there is no such file, or it holds no ledger of this release
 */
export function openSqliteSource(file: string): RowSource {
  let db: DatabaseSync | undefined;
  try {
    const still = !isLive(file);
    db = openStill(file);
    db.exec(`PRAGMA cache_size = -${CACHE_KB}`);
    mustKnow(db);
    return new SqliteSource(file, db, still);
  } catch (error) {
    db?.close();
    if (error instanceof SourceError) throw error;
    const reason =
      error instanceof MigrationError ? error.message : `${file} cannot be read (${reasonOf(error)}).`;
    throw new SourceError(reason, { cause: error });
  }
}

function mustKnow(db: DatabaseSync): void {
  const applied = db.prepare('SELECT name, checksum FROM migration').all();
  const rows = applied.map((row) => ({ name: String(row['name']), checksum: String(row['checksum']) }));
  const [pending] = pendingMigrations(readMigrations('sqlite'), rows);
  if (pending)
    throw new SourceError(
      `The file is of an older release (${pending.name} is missing): start the server once.`,
    );
}

class SqliteSource implements RowSource {
  readonly engine = 'sqlite';
  #file: string;
  #db: DatabaseSync;
  #still: boolean;

  constructor(file: string, db: DatabaseSync, still: boolean) {
    this.#file = file;
    this.#db = db;
    this.#still = still;
  }

  async faults(): Promise<Finding[]> {
    const finding = (rule: string, text: string) => ({ rule, account: null, seq: null, text });
    try {
      const pages = this.#db.prepare(`PRAGMA quick_check(${MAX_FAULTS})`).all();
      const damaged = pages.map((row) => String(row['quick_check'])).filter((text) => text !== 'ok');
      return [
        ...damaged.map((text) => finding('file', text)),
        ...this.#missing().map((text) => finding('schema', text)),
      ];
    } catch (error) {
      return [finding('file', String(error))];
    }
  }

  /** Tables, indexes and triggers that this release makes and this file does not have as they were made. */
  #missing(): string[] {
    const fresh = new DatabaseSync(':memory:');
    for (const { sql } of readMigrations('sqlite')) fresh.exec(sql);
    const here = schemaOf(this.#db);
    const missing = [...schemaOf(fresh)].filter(([name, sql]) => here.get(name) !== sql);
    fresh.close();
    return missing.map(([name]) => `${name} is missing or changed`);
  }

  async snapshot<T>(look: (rows: Rows) => Promise<T>): Promise<T> {
    try {
      this.#db.exec('BEGIN');
      return await look(new SqliteRows(this.#db));
    } finally {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    }
  }

  async close(): Promise<void> {
    this.#db.close();
    if (this.#still && isLive(this.#file)) {
      throw new SourceError(`A server began to write ${this.#file} meanwhile: verify again.`);
    }
  }
}

/**
 * One process writes the file, so rows lie in it in the order of their commits, and are read as they lie: no index, no
 * sorting, each page once. The plus keeps the planner from the index on accounts.
 */
function queryOf(table: Table): string {
  const columns = COLUMNS[table];
  if (table === 'account')
    return `SELECT ${columns} FROM account t WHERE t.id > $1 AND t.id <= $2 ORDER BY t.id`;
  const order = table === 'balance' ? '' : 'ORDER BY t.rowid';
  return `SELECT ${columns} FROM ${table} t WHERE +t.account > $1 AND +t.account <= $2 ${order}`;
}

class SqliteRows implements Rows {
  #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async *stream(table: Table, { after, upTo }: Range): AsyncGenerator<Row[]> {
    let batch: Row[] = [];
    try {
      for (const row of this.#prepare(queryOf(table)).iterate(after, upTo)) {
        batch.push(asRow(row));
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
      }
    } catch (error) {
      throw unreadable(error);
    }
    if (batch.length > 0) yield batch;
  }

  async read(sql: string, params: Param[] = []): Promise<Row[]> {
    try {
      return this.#prepare(sql)
        .all(...params)
        .map(asRow);
    } catch (error) {
      throw unreadable(error);
    }
  }

  #prepare(sql: string): StatementSync {
    return this.#db.prepare(positional(sql), { returnArrays: true });
  }
}

function unreadable(error: unknown): SourceError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SourceError(`The file cannot be read on: ${reason}.`, { cause: error });
}

/** A statement prepared with `returnArrays` gives arrays, which its type does not know. */
function asRow(row: unknown): Row {
  return row as Row;
}

function schemaOf(db: DatabaseSync): Map<string, string> {
  const rows = db
    .prepare("SELECT type || ' ' || name AS name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    .all();
  return new Map(rows.map((row) => [String(row['name']), String(row['sql'])]));
}
