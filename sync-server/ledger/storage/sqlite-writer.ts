// Runs jobs against the SQLite file: one transaction for all that waits, one commit, one answer for each job.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  duplicateId,
  type EngineContext,
  faultText,
  grown,
  prepare,
  type Prepared,
  type Settled,
  settleBatch,
} from '../engine.ts';
import { type Row, type Statement, StorageError } from './database.ts';
import type { Copied, Copier } from './sqlite-checkpoint.ts';
import {
  asStorageError,
  isConstraint,
  isDamage,
  isDatabaseError,
  isFatal,
  isTakenId,
} from './sqlite-errors.ts';
import { CHECKPOINT_PAGES } from './sqlite-file.ts';
import type { Batch, Done, Job, OrderJob, WriteJob } from './writer-protocol.ts';
import { positional, rowsOf } from './sqlite-sql.ts';
import { SqliteStore } from './sqlite-store.ts';

/** Commits between two looks at the length of the write-ahead log. */
const CHECK_EVERY = 32;
/** Statements of other rooms kept prepared. */
const MAX_PREPARED = 256;

export class SqliteWriter {
  #db: DatabaseSync;
  #store: SqliteStore;
  #context: EngineContext;
  #prepared = new Map<string, StatementSync>();
  #copier: Copier | null;
  /** Where a checkpoint is: none, beside this thread, or at the rest that came in meanwhile. */
  #copying: 'no' | 'beside' | 'rest' = 'no';
  #commits = 0;
  /** Set once the file may no longer be written; every later job gets it. */
  #dead: string | null = null;

  /** @param copier checkpoints on a thread of its own; without one the writer runs them between two batches */
  constructor(db: DatabaseSync, context: EngineContext, copier: Copier | null = null) {
    this.#db = db;
    this.#copier = copier;
    this.#store = new SqliteStore(db);
    this.#context = context;
  }

  /** Runs the jobs in one transaction; when one of them is at fault rather than the disk, each in its own. */
  run(jobs: Job[]): Batch {
    try {
      return this.#commit(jobs);
    } catch (error) {
      if (jobs.length > 1 && (isConstraint(error) || !isDatabaseError(error))) return this.#oneByOne(jobs);
      return { done: jobs.map((job) => this.#failed(job, error)), committed: [] };
    }
  }

  /** Checkpoints when the log is long: after the answer went out, so that no commit waits for it. */
  tidy(): void {
    this.#commits += 1;
    if (this.#dead !== null || this.#copying === 'beside') return;
    if (this.#copying === 'rest') this.#checkpoint();
    else if (this.#commits % CHECK_EVERY === 0) this.#look();
  }

  async close(): Promise<void> {
    await this.#copier?.close();
    this.#db.close();
    this.#copier?.release();
  }

  #look(): void {
    if (this.#logged() < CHECKPOINT_PAGES) return;
    if (this.#copier) {
      this.#copying = 'beside';
      this.#copier.copy((copied) => this.#copied(copied));
    } else this.#checkpoint();
  }

  /** Pages in the write-ahead log. */
  #logged(): number {
    try {
      return Number(this.#db.prepare('PRAGMA wal_checkpoint(NOOP)').get()?.['log']);
    } catch (error) {
      this.#stopIfFatal(error, true);
      return 0;
    }
  }

  /** A copy that failed for a passing reason is made up for here, where whatever is wrong is seen. */
  #copied({ error }: Copied): void {
    this.#copying = 'rest';
    if (error) this.#stopIfFatal(Object.assign(new Error(error.message), { errcode: error.errcode }), true);
  }

  /** Once all pages are copied, the next commit begins the log anew. */
  #checkpoint(): void {
    this.#copying = 'no';
    try {
      this.#db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      this.#stopIfFatal(error, true);
    }
  }

  #oneByOne(jobs: Job[]): Batch {
    const runs = jobs.map((job) => this.run([job]));
    return { done: runs.flatMap((run) => run.done), committed: runs.flatMap((run) => run.committed) };
  }

  #failed(job: Job, error: unknown): Done {
    // What the rules cannot see in one account: an id that another account has (I13).
    if (isTakenId(error) && 'task' in job)
      return { id: job.id, reply: { outcome: JSON.stringify(duplicateId(0)) } };
    if (!isDatabaseError(error) && 'task' in job) {
      return { id: job.id, reply: { fault: faultText(job.task.order, error) } };
    }
    const failure = asStorageError(error);
    const kind = isConstraint(error) ? 'constraint' : isDamage(error) ? 'damaged' : 'storage';
    return { id: job.id, failure: { kind, message: failure.message } };
  }

  #commit(jobs: Job[]): Batch {
    if (this.#dead !== null) throw new StorageError(this.#dead);
    const orders = jobs.filter((job): job is OrderJob => 'task' in job);
    const writes = jobs.filter((job): job is WriteJob => 'statements' in job);
    const tasks = orders.map(({ task }) => prepare(task));
    let syncing = false;
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const settled = this.#settle(tasks);
      const done: Done[] = orders.map(({ id }, index) => ({
        id,
        reply: settled.replies[index] ?? { fault: 'An order was not answered.' },
      }));
      for (const job of writes) done.push(this.#write(job));
      syncing = true;
      this.#db.exec('COMMIT');
      this.#store.committed(settled);
      return { done, committed: grown(settled) };
    } catch (error) {
      this.#store.rolledBack(orders.map(({ task }) => task.order.account));
      this.#rollBack();
      this.#stopIfFatal(error, syncing);
      throw error;
    }
  }

  #settle(tasks: (Prepared | { fault: string })[]): Settled {
    const { states, keys } = this.#store.load(tasks.filter((task): task is Prepared => !('fault' in task)));
    const settled = settleBatch(tasks, states, keys, this.#context);
    this.#store.write(settled);
    return settled;
  }

  /** One write of another room, undone alone when the schema refuses it. */
  #write({ id, statements }: WriteJob): Done {
    this.#db.exec('SAVEPOINT job');
    try {
      const rows = statements.map((statement) => this.#run(statement));
      this.#db.exec('RELEASE job');
      return { id, rows };
    } catch (error) {
      // A full disk ends the whole transaction: then nothing of the batch may answer.
      if (!this.#db.isTransaction || isFatal(error, false)) throw error;
      this.#db.exec('ROLLBACK TO job; RELEASE job');
      return this.#failed({ id, statements }, error);
    }
  }

  #run({ sql, params }: Statement): Row[] {
    let statement = this.#prepared.get(sql);
    if (!statement) {
      statement = this.#db.prepare(positional(sql), { readBigInts: true });
      if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear();
      this.#prepared.set(sql, statement);
    }
    return rowsOf(statement, params ?? []);
  }

  #rollBack(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch (error) {
      this.#dead ??= `The database could not undo a failed batch (${String(error)}): restart the server.`;
    }
  }

  #stopIfFatal(error: unknown, syncing: boolean): void {
    if (!isFatal(error, syncing)) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.#dead ??= `The disk failed (${reason}); nothing more is written: check the disk, then restart the server.`;
  }
}
