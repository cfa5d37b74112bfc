// Where a verification reads from: rows as arrays, in batches, all of one look true at one instant. SQLite and
// PostgreSQL each have one; everything above them is the same.
import type { Finding } from './findings.ts';
import type { Range, Table } from './queries.ts';

export type Value = string | number | bigint | null | Uint8Array;
export type Row = readonly Value[];
export type Param = string | number;

/** Rows in order, some hundred at a time, so that memory does not grow with their number. */
export type Batches = AsyncIterable<Row[]>;

/** Reads within one snapshot. */
export interface Rows {
  /**
   * The rows of a table that belong to accounts of a range, with the columns that `queries.ts` says. Accounts come in
   * order of their ids; of the other tables each account's rows come in the order of their commits, and the accounts of
   * all tables in step.
   */
  stream(table: Table, range: Range): Batches;
  read(sql: string, params?: Param[]): Promise<Row[]>;
}

export interface RowSource {
  readonly engine: 'sqlite' | 'postgres';
  /** Triggers and indexes that the ledger relies on and that are gone. */
  schemaFaults(): Promise<Finding[]>;
  /** Damaged pages, by the database's own check; on PostgreSQL that is its host's business. */
  pageFaults(): Promise<Finding[]>;
  /** @throws SourceError when the database cannot be read on. */
  snapshot<T>(look: (rows: Rows) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** The database could not be opened or read; the message says what to do. */
export class SourceError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceError';
  }
}

/** A value that no ledger wrote: the row is damaged. */
export class Unreadable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unreadable';
  }
}

/** Why a row could not be read, in few words. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unreadable) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export function textAt(row: Row, column: number): string {
  const value = row[column];
  if (typeof value !== 'string') throw new Unreadable(`column ${column} is no text`);
  return value;
}

export function countAt(row: Row, column: number): number {
  const value = row[column];
  const count = typeof value === 'bigint' ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isSafeInteger(count)) {
    throw new Unreadable(`column ${column} is no whole number`);
  }
  return count;
}

/** Walks batches row by row: `row` is there at once as long as the batch lasts, so that no row costs a promise. */
export class Cursor {
  #batches: AsyncIterator<Row[]>;
  #batch: Row[] = [];
  #at = 0;
  #ended = false;
  /** Rows passed so far. */
  passed = 0;

  #onBatch: () => void | Promise<void>;

  /** @param onBatch called before each batch is read */
  constructor(batches: Batches, onBatch: () => void | Promise<void> = () => {}) {
    this.#batches = batches[Symbol.asyncIterator]();
    this.#onBatch = onBatch;
  }

  /** The row it stands at; undefined at the end of a batch, then `more` says. */
  get row(): Row | undefined {
    return this.#batch[this.#at];
  }

  next(): void {
    this.#at += 1;
    this.passed += 1;
  }

  /** The row it stands at, or null after the last. */
  async more(): Promise<Row | null> {
    while (!this.#ended && this.row === undefined) {
      await this.#onBatch();
      const step = await this.#batches.next();
      this.#ended = step.done === true;
      this.#batch = step.done === true ? [] : step.value;
      this.#at = 0;
    }
    return this.row ?? null;
  }
}
