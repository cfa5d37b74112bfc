// The ledger on one SQLite file: a thread of its own writes, this one reads beside it.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Outcome } from '../command.ts';
import type { Task } from '../engine.ts';
import { type Database, type Row, type SqlValue, type Statement, StorageError } from './database.ts';
import type { Settlement } from './settlement.ts';
import { asStorageError, isDamage } from './sqlite-errors.ts';
import { type FileLock, lockFile, openReader } from './sqlite-file.ts';
import { positional, rowsOf } from './sqlite-sql.ts';
import type { WriterStart } from './writer-protocol.ts';
import { type OnCommit, startWriter, type WriterThread } from './writer-thread.ts';

/** Statements of other rooms kept prepared. */
const MAX_PREPARED = 256;

/**
 * Opens the file at `start.at` (made with its folder when missing), alone: a second process is refused.
 * @param onDamage called once when the file is found damaged: from then on nothing is written, and only what is intact read
 * @throws StorageError when the file is in use, damaged, not writable or of another release.
 */
export async function openSqlite(
  start: WriterStart,
  onCommit: OnCommit,
  onDamage: (message: string) => void = () => {},
): Promise<SqliteDatabase> {
  mkdirSync(dirname(start.at), { recursive: true });
  const lock = lockFile(start.at);
  try {
    const writer = await startWriter(new URL('./sqlite.worker.ts', import.meta.url), start, onCommit);
    return new SqliteDatabase(writer, openReader(start.at), lock, onDamage);
  } catch (error) {
    lock.release();
    throw error;
  }
}

export class SqliteDatabase implements Database, Settlement {
  readonly engine = 'sqlite';
  #writer: WriterThread;
  #reader: DatabaseSync;
  #lock: FileLock;
  #onDamage: (message: string) => void;
  #isDamaged = false;
  #prepared = new Map<string, StatementSync>();

  constructor(
    writer: WriterThread,
    reader: DatabaseSync,
    lock: FileLock,
    onDamage: (message: string) => void,
  ) {
    this.#writer = writer;
    this.#reader = reader;
    this.#lock = lock;
    this.#onDamage = onDamage;
    writer.onDamage = (message) => this.#damaged(message);
  }

  settle(task: Task): Promise<Outcome> {
    return this.#writer.settle(task);
  }

  write(statements: Statement[]): Promise<Row[][]> {
    return this.#writer.write(statements);
  }

  async read(sql: string, params: SqlValue[] = []): Promise<Row[]> {
    if (!this.#reader.isOpen) throw new StorageError('The ledger is closed.');
    try {
      return rowsOf(this.#prepare(sql), params);
    } catch (error) {
      const failure = asStorageError(error);
      if (isDamage(error)) this.#damaged(failure.message);
      throw failure;
    }
  }

  /** Answers what was handed in, then closes the file and lets another process have it. */
  async close(): Promise<void> {
    if (!this.#reader.isOpen) return await this.#writer.close();
    // The writer last: it writes its log back and removes it, and a log left behind would meet a file put here by hand.
    this.#reader.close();
    await this.#writer.close();
    this.#lock.release();
  }

  /** What is decided on a damaged ledger would be wrong as well. */
  #damaged(message: string): void {
    if (this.#isDamaged) return;
    this.#isDamaged = true;
    this.#writer.halt(message);
    this.#onDamage(message);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#reader.prepare(positional(sql), { readBigInts: true });
      if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear();
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
