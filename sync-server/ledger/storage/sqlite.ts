// The ledger on one SQLite file: a thread of its own writes, this one reads beside it.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { RuleConfig } from '../rules.ts';
import { readReply, type Task } from '../engine.ts';
import type { Outcome } from '../command.ts';
import {
  ConstraintError,
  type Database,
  type Row,
  type SqlValue,
  type Statement,
  StorageError,
} from './database.ts';
import { asStorageError } from './sqlite-errors.ts';
import { type FileLock, lockFile, openReader } from './sqlite-file.ts';
import type { Done, FromWriter, Job, ToWriter, WriterStart } from './sqlite-protocol.ts';
import { positional, rowsOf } from './sqlite-sql.ts';
import type { Settlement } from './settlement.ts';

/** Statements of other rooms kept prepared. */
const MAX_PREPARED = 256;

interface Waiting {
  resolve(done: Done): void;
  reject(error: Error): void;
}

export interface SqliteOptions {
  file: string;
  rules: RuleConfig;
  /** Ids from a seed instead of random ones. */
  seed: string | undefined;
  /** Called once for each account that a commit changed, before the commit's orders are answered. */
  onCommit(account: string, seq: number): void;
}

/**
 * Opens the file (made with its folder when missing), alone: a second process is refused.
 * @throws StorageError when the file is in use, damaged or not writable, or the migrations do not fit.
 */
export async function openSqlite(options: SqliteOptions): Promise<SqliteDatabase> {
  const { file, rules, seed } = options;
  mkdirSync(dirname(file), { recursive: true });
  const lock = lockFile(file);
  try {
    const start: WriterStart = { file, rules, seed };
    const worker = new Worker(new URL('./sqlite.worker.ts', import.meta.url), { workerData: start });
    await ready(worker);
    return new SqliteDatabase(worker, openReader(file), lock, options.onCommit);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function ready(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromWriter) => {
      worker.off('error', reject);
      if ('ready' in message) resolve();
      else reject(new StorageError('refused' in message ? message.refused : 'The writer did not start.'));
    });
  });
}

export class SqliteDatabase implements Database, Settlement {
  readonly engine = 'sqlite';
  #worker: Worker;
  #reader: DatabaseSync;
  #lock: FileLock;
  #onCommit: SqliteOptions['onCommit'];
  #prepared = new Map<string, StatementSync>();
  #waiting = new Map<number, Waiting>();
  #outbox: Job[] = [];
  #nextId = 1;
  #stopped: StorageError | null = null;
  #closing = false;

  constructor(worker: Worker, reader: DatabaseSync, lock: FileLock, onCommit: SqliteOptions['onCommit']) {
    this.#worker = worker;
    this.#reader = reader;
    this.#lock = lock;
    this.#onCommit = onCommit;
    worker.on('message', (message: FromWriter) => this.#receive(message));
    worker.on('error', (error) =>
      this.#stop(`The ledger's writer failed (${String(error)}): restart the server.`),
    );
    worker.on('exit', () => this.#stop('The ledger is closed.'));
  }

  async settle(task: Task): Promise<Outcome> {
    const done = await this.#send({ id: this.#nextId++, task });
    if ('reply' in done) return readReply(done.reply);
    throw failureOf(done);
  }

  async write(statements: Statement[]): Promise<Row[][]> {
    const done = await this.#send({ id: this.#nextId++, statements });
    if ('rows' in done) return done.rows;
    throw failureOf(done);
  }

  async read(sql: string, params: SqlValue[] = []): Promise<Row[]> {
    if (this.#stopped && !this.#reader.isOpen) throw this.#stopped;
    try {
      return rowsOf(this.#prepare(sql), params);
    } catch (error) {
      throw asStorageError(error);
    }
  }

  /** Answers what was handed in, then closes the file and lets another process have it. */
  async close(): Promise<void> {
    if (this.#stopped === null && !this.#closing) {
      this.#closing = true;
      const exited = new Promise((resolve) => this.#worker.once('exit', resolve));
      this.#flush();
      this.#post({ close: true });
      await exited;
    }
    if (this.#reader.isOpen) {
      this.#reader.close();
      this.#lock.release();
    }
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

  #send(job: Job): Promise<Done> {
    const stopped = this.#stopped;
    if (this.#closing) return Promise.reject(new StorageError('The ledger is closing.'));
    if (stopped) return Promise.reject(new StorageError(stopped.message));
    return new Promise((resolve, reject) => {
      this.#waiting.set(job.id, { resolve, reject });
      // One message for all that is handed in during this turn of the event loop.
      if (this.#outbox.push(job) === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    this.#post({ jobs: this.#outbox });
    this.#outbox = [];
  }

  #post(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWriter): void {
    if (!('done' in message)) return;
    for (const done of message.done) {
      const waiting = this.#waiting.get(done.id);
      this.#waiting.delete(done.id);
      waiting?.resolve(done);
    }
    // What awaits an answer goes on only after this turn, so everybody hears of the commit first.
    for (const [account, seq] of message.committed) this.#onCommit(account, seq);
  }

  #stop(reason: string): void {
    this.#stopped ??= new StorageError(reason);
    for (const { reject } of this.#waiting.values()) reject(new StorageError(reason));
    this.#waiting.clear();
  }
}

function failureOf(done: Done): Error {
  if (!('failure' in done)) return new StorageError('The writer answered another question.');
  const { kind, message } = done.failure;
  return kind === 'constraint' ? new ConstraintError(message) : new StorageError(message);
}
