// The thread that settles on PostgreSQL: whichever lane is free settles all that waits as one batch while the batch before
// it commits, and the server's own thread stays free.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { idSource } from './ids.ts';
import { PostgresLane } from './postgres-lane.ts';
import { StateCache } from './state-cache.ts';
import type { FromWriter, OrderJob, ToWriter, WriterStart } from './writer-protocol.ts';

/** Connections that settle side by side. */
const LANES = 2;
/** Orders in one transaction: more gains nothing and makes the first one wait. */
const MAX_BATCH = 256;
/** So many at once are settled half and half, each deciding while the other is written; fewer cost least as one batch. */
const WORTH_SPLITTING = 64;
/** Accounts whose state is kept between batches. */
const CACHED_ACCOUNTS = 4_096;

class Settling {
  #lanes: readonly PostgresLane[];
  #free: PostgresLane[];
  #answer: (message: FromWriter) => void;
  #waiting: OrderJob[] = [];
  /** Accounts of the batches under way: their other orders wait, so that they keep their order. */
  #held = new Set<string>();
  #running = new Set<Promise<void>>();

  constructor(lanes: PostgresLane[], answer: (message: FromWriter) => void) {
    this.#lanes = lanes;
    this.#free = [...lanes];
    this.#answer = answer;
  }

  add(jobs: readonly OrderJob[]): void {
    for (const job of jobs) this.#waiting.push(job);
    this.#start();
  }

  /** Settles what was handed in, then gives the connections back. */
  async close(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #start(): void {
    while (this.#free.length > 0) {
      const jobs = this.#take();
      const lane = jobs.length > 0 ? this.#free.pop() : undefined;
      if (!lane) return;
      const run = this.#run(lane, jobs).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  async #run(lane: PostgresLane, jobs: OrderJob[]): Promise<void> {
    for (const { task } of jobs) this.#held.add(task.order.account);
    const batch = await lane.run(jobs);
    for (const { task } of jobs) this.#held.delete(task.order.account);
    this.#answer(batch);
    this.#free.push(lane);
    this.#start();
  }

  /** The longest waiting orders whose accounts are in no batch. */
  #take(): OrderJob[] {
    const jobs: OrderJob[] = [];
    const { length } = this.#waiting;
    const share = length < WORTH_SPLITTING ? length : Math.ceil(length / this.#free.length);
    const most = Math.min(MAX_BATCH, share);
    this.#waiting = this.#waiting.filter((job) => {
      if (jobs.length === most || this.#held.has(job.task.order.account)) return true;
      jobs.push(job);
      return false;
    });
    return jobs;
  }
}

function serve(port: MessagePort, settling: Settling): void {
  port.on('message', (message: ToWriter) => {
    if ('close' in message) void settling.close().then(() => port.close());
    else settling.add(message.jobs.filter((job) => 'task' in job));
  });
}

if (parentPort) {
  // What postgres.ts started this thread with.
  const start = workerData as WriterStart;
  const port = parentPort;
  const context = { rules: start.rules, idsFor: idSource(start.seed) };
  const cache = new StateCache(CACHED_ACCOUNTS);
  const lanes = Array.from({ length: LANES }, () => new PostgresLane(start.at, context, cache));
  const answer = (message: FromWriter) => port.postMessage(message);
  serve(port, new Settling(lanes, answer));
  answer({ ready: true });
}
