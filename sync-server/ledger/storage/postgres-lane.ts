// One connection that settles: batch after batch, each a transaction of its own, tried again when the database says
// that it may help, and never in doubt about what was committed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
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
import { StorageError } from './database.ts';
import { connect } from './postgres-connect.ts';
import {
  asStorageError,
  isConstraint,
  isDatabaseState,
  isLost,
  isPassing,
  isTakenId,
  isUnforeseen,
  MAX_RETRIES,
  RETRY_MS,
} from './postgres-errors.ts';
import { type Base, cached, load, provesItself, wasCommitted } from './postgres-store.ts';
import { transferCount, writeAndCommit, writeAtOnce } from './postgres-write.ts';
import type { StateCache } from './state-cache.ts';
import { TransferNumbers } from './transfer-numbers.ts';
import type { Batch, Done, OrderJob } from './writer-protocol.ts';

/** So many batches after one that met something unforeseen. */
const DOUBTS = 16;
/** How often a lost database is asked what it committed: with growing pauses, for about 12 s. */
const FATE_ATTEMPTS = 24;

export class PostgresLane {
  #url: string;
  #context: EngineContext;
  #client: Client | null = null;
  #cache: StateCache;
  #numbers = new TransferNumbers();
  /** Batches that ask the tables first: another server works on the same accounts. */
  #doubts = 0;

  /** @param cache states that lanes may share, as long as an account is in one of them at a time */
  constructor(url: string, context: EngineContext, cache: StateCache) {
    this.#url = url;
    this.#context = context;
    this.#cache = cache;
  }

  /** Settles the jobs in one transaction; when one of them is at fault rather than the database, each in its own. */
  async run(jobs: OrderJob[]): Promise<Batch> {
    try {
      return await this.#tryAgain(jobs);
    } catch (error) {
      if (jobs.length > 1 && !isDatabaseState(error)) return this.#oneByOne(jobs);
      return { done: jobs.map((job) => failed(job, error)), committed: [] };
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  async #oneByOne(jobs: OrderJob[]): Promise<Batch> {
    const all: Batch = { done: [], committed: [] };
    for (const job of jobs) {
      const { done, committed } = await this.run([job]);
      all.done.push(...done);
      all.committed.push(...committed);
    }
    return all;
  }

  async #tryAgain(jobs: OrderJob[]): Promise<Batch> {
    const batch = this.#doubts > 0 ? null : await this.#fromCache(jobs);
    if (batch) return batch;
    this.#doubts = Math.max(0, this.#doubts - 1);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(jobs);
      } catch (error) {
        if (!isPassing(error) || attempt > MAX_RETRIES) throw error;
        await sleep(Math.random() * RETRY_MS * attempt);
      }
    }
  }

  /**
   * Settles what the cache knows enough about, in one round trip; null when the tables must be asked after all, and then
   * nothing was written.
   */
  async #fromCache(jobs: OrderJob[]): Promise<Batch | null> {
    const { tasks, sound } = prepared(jobs);
    const base = cached(this.#cache, sound);
    if (!base) return null;
    const settled = settleBatch(tasks, new Map(base.states), new Map(), this.#context);
    if (!provesItself(base, sound, settled)) return null;
    const client = await this.#connected().catch(() => null);
    if (!client) return null;
    try {
      await this.#commit(client, settled, base, writeAtOnce);
      return this.#batch(jobs, settled, base);
    } catch (error) {
      await this.#lose(client, sound);
      if (!isUnforeseen(error)) throw error;
      this.#doubts = DOUBTS;
      return null;
    }
  }

  async #once(jobs: OrderJob[]): Promise<Batch> {
    const { tasks, sound } = prepared(jobs);
    const client = await this.#connected();
    try {
      const { keys, ...base } = await load(client, this.#cache, sound);
      const settled = settleBatch(tasks, base.states, keys, this.#context);
      await this.#commit(client, settled, base, writeAndCommit);
      return this.#batch(jobs, settled, base);
    } catch (error) {
      await this.#lose(client, sound);
      throw error;
    }
  }

  /** What is answered once a batch is committed. */
  #batch(jobs: OrderJob[], settled: Settled, { versions }: Base): Batch {
    for (const [account, state] of settled.states) {
      this.#cache.set(account, state, (versions.get(account) ?? 0) + 1);
    }
    const done = jobs.map(({ id }, index): Done => {
      return { id, reply: settled.replies[index] ?? { fault: 'An order was not answered.' } };
    });
    return { done, committed: grown(settled) };
  }

  /** Nobody knows now what is true of these accounts. */
  async #lose(client: Client, tasks: readonly Prepared[]): Promise<void> {
    this.#cache.forget(tasks.map(({ order }) => order.account));
    await this.#abandon(client);
  }

  async #commit(client: Client, settled: Settled, base: Base, write: typeof writeAtOnce): Promise<void> {
    const first = await this.#numbers.take(client, transferCount(settled));
    try {
      await write(client, settled, base, first);
    } catch (error) {
      if (!isLost(error) || !(await this.#wasCommitted(settled))) throw error;
    }
  }

  /** What became of a batch whose COMMIT got no answer. @throws StorageError when nobody can say. */
  async #wasCommitted(settled: Settled): Promise<boolean> {
    for (let attempt = 1; attempt <= FATE_ATTEMPTS; attempt += 1) {
      await sleep(RETRY_MS * attempt);
      try {
        return await wasCommitted(await this.#reconnected(), settled);
      } catch (error) {
        if (!isLost(error)) throw error;
      }
    }
    throw new StorageError('The database went away while it committed: ask again with the same key.');
  }

  async #connected(): Promise<Client> {
    this.#client ??= await connect(this.#url, 'settling');
    return this.#client;
  }

  async #reconnected(): Promise<Client> {
    await this.#drop();
    return this.#connected();
  }

  /** Leaves the transaction; a connection that cannot even do that is given up. */
  async #abandon(client: Client): Promise<void> {
    try {
      await client.query('ROLLBACK');
    } catch {
      if (this.#client === client) await this.#drop();
    }
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    // A dead connection cannot say goodbye.
    await client?.end().catch(() => {});
  }
}

function prepared(jobs: readonly OrderJob[]): { tasks: (Prepared | { fault: string })[]; sound: Prepared[] } {
  const tasks = jobs.map(({ task }) => prepare(task));
  return { tasks, sound: tasks.filter((task): task is Prepared => !('fault' in task)) };
}

function failed(job: OrderJob, error: unknown): Done {
  // What the rules cannot see in one account: an id that another account has (I13).
  if (isTakenId(error)) return { id: job.id, reply: { outcome: JSON.stringify(duplicateId(0)) } };
  if (isConstraint(error) || isDatabaseState(error) || error instanceof StorageError) {
    return { id: job.id, failure: { kind: 'storage', message: asStorageError(error).message } };
  }
  return { id: job.id, reply: { fault: faultText(job.task.order, error) } };
}
