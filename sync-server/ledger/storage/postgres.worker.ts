// The thread that settles on PostgreSQL: orders go to the lane of their account, a lane settles all that waits for it
// as one batch while the batch before it commits, and the server's own thread stays free.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { idSource } from './ids.ts';
import { PostgresLane } from './postgres-lane.ts';
import type { FromWriter, OrderJob, ToWriter, WriterStart } from './writer-protocol.ts';

/** Connections that settle side by side. An account has one of them, so its orders keep their order. */
const LANES = 2;
/** Orders in one transaction: more gains nothing and makes the first one wait. */
const MAX_BATCH = 256;

class Queue {
  #lane: PostgresLane;
  #answer: (message: FromWriter) => void;
  #waiting: OrderJob[] = [];
  #running: Promise<void> | null = null;

  constructor(lane: PostgresLane, answer: (message: FromWriter) => void) {
    this.#lane = lane;
    this.#answer = answer;
  }

  add(job: OrderJob): void {
    this.#waiting.push(job);
  }

  start(): void {
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#lane.close();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) this.#answer(await this.#lane.run(this.#waiting.splice(0, MAX_BATCH)));
  }
}

/** A lane for an account: FNV-1a over its id. */
function laneOf(account: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < account.length; index += 1) {
    hash = Math.imul(hash ^ account.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % LANES;
}

function serve(port: MessagePort, queues: readonly Queue[]): void {
  port.on('message', (message: ToWriter) => {
    if ('close' in message) {
      void Promise.all(queues.map((queue) => queue.close())).then(() => port.close());
      return;
    }
    for (const job of message.jobs) if ('task' in job) queues[laneOf(job.task.order.account)]?.add(job);
    for (const queue of queues) queue.start();
  });
}

if (parentPort) {
  // What postgres.ts started this thread with.
  const start = workerData as WriterStart;
  const port = parentPort;
  const context = { rules: start.rules, idsFor: idSource(start.seed) };
  const answer = (message: FromWriter) => port.postMessage(message);
  serve(
    port,
    Array.from({ length: LANES }, () => new Queue(new PostgresLane(start.at, context), answer)),
  );
  answer({ ready: true });
}
