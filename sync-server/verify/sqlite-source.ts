// Reads a SQLite file without writing a byte: beside a running server, or a copy that lies still.
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { MigrationError, pendingMigrations, readMigrations } from '../ledger/storage/migrate.ts';
import { addRowSum, brokenRows } from '../ledger/storage/row-sum.ts';
import { positional } from '../ledger/storage/sqlite-sql.ts';
import type { Finding } from './findings.ts';
import { COLUMNS, type Range, type Table } from './queries.ts';
import { type Param, reasonOf, type Row, type Rows, type RowSource, SourceError } from './source.ts';
import { isLive, openStill } from './still.ts';

/** Rows read at once: few enough to stay small, enough to make a batch cheap. */
const BATCH = 256;
/** Damaged pages named at most. */
const MAX_FAULTS = 20;
/** Answers that stand beside records (storage/sqlite-rows.ts), as verify/keys.ts judges those that stand alone. */
const LATE_ANSWERS = `SELECT r.account, r.kind || ' ' || r.id, r.answer_seq
  FROM record r JOIN account a ON a.id = r.account WHERE r.answer_seq > a.seq LIMIT ${MAX_FAULTS}`;
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

  /** Tables, indexes and triggers that this release makes and this file does not have as they were made. */
  async schemaFaults(): Promise<Finding[]> {
    const fresh = new DatabaseSync(':memory:');
    addRowSum(fresh);
    for (const { sql } of readMigrations('sqlite')) fresh.exec(sql);
    const here = schemaOf(this.#db);
    const missing = [...schemaOf(fresh)].filter(([name, sql]) => here.get(name) !== sql);
    fresh.close();
    return missing.map(([name]) => faultOf('schema', `${name} is missing or changed`));
  }

  async pageFaults(): Promise<Finding[]> {
    try {
      const rows = this.#db.prepare(`PRAGMA integrity_check(${MAX_FAULTS})`).all();
      const texts = rows.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok');
      if (texts.length === 0) texts.push(...brokenRows(this.#db, MAX_FAULTS));
      const late = texts.length > 0 ? [] : this.#db.prepare(LATE_ANSWERS, { returnArrays: true }).all();
      for (const [account, name, seq] of late.map(asRow)) {
        texts.push(`${String(name)} of ${String(account)} was answered at ${String(seq)}, past the journal`);
      }
      return texts.map((text) => faultOf('file', text));
    } catch (error) {
      return [faultOf('file', reasonOf(error))];
    }
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

/** How a table is read page by page, each from behind the last row of the one before. */
interface PagedQuery {
  /** $1 and $2 are the range, then the keys of the last row, then the number of rows. Keys are the last columns. */
  pages: string;
  first: SQLInputValue[];
  keys: number;
}

/**
 * One process writes the file, so rows lie in it in the order of their commits, and are read as they lie: no index, no
 * sorting, each page once. The plus keeps the planner from the index on accounts. A page of rows at once costs less
 * than row by row.
 */
function queryOf(table: Table): PagedQuery {
  const select = `SELECT ${COLUMNS[table]}`;
  switch (table) {
    case 'account':
      return {
        pages: `${select}, t.id FROM account t WHERE t.id > $1 AND t.id <= $2 AND t.id > $3 ORDER BY t.id LIMIT $4`,
        first: [''],
        keys: 1,
      };
    case 'balance':
      return {
        pages: `${select}, t.account, t.name FROM balance t WHERE t.account > $1 AND t.account <= $2
          AND (t.account, t.name) > ($3, $4) ORDER BY t.account, t.name LIMIT $5`,
        first: ['', ''],
        keys: 2,
      };
    default:
      return {
        pages: `${select}, t.rowid FROM ${table} t WHERE +t.account > $1 AND +t.account <= $2
          AND t.rowid > $3 ORDER BY t.rowid LIMIT $4`,
        first: [-1],
        keys: 1,
      };
  }
}

class SqliteRows implements Rows {
  #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async *stream(table: Table, range: Range): AsyncGenerator<Row[]> {
    const { pages, first, keys } = queryOf(table);
    const statement = this.#prepare(pages);
    let after: SQLInputValue[] = first;
    for (;;) {
      const batch = this.#all(statement, [range.after, range.upTo, ...after, BATCH]);
      const last = batch.at(-1);
      if (!last) return;
      yield batch;
      if (batch.length < BATCH) return;
      after = last.slice(last.length - keys);
    }
  }

  async read(sql: string, params: Param[] = []): Promise<Row[]> {
    return this.#all(this.#prepare(sql), params);
  }

  #all(statement: StatementSync, params: SQLInputValue[]): Row[] {
    try {
      return statement.all(...params).map(asRow);
    } catch (error) {
      throw unreadable(error);
    }
  }

  #prepare(sql: string): StatementSync {
    return this.#db.prepare(positional(sql), { returnArrays: true });
  }
}

function faultOf(rule: string, text: string): Finding {
  return { rule, account: null, seq: null, text };
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
