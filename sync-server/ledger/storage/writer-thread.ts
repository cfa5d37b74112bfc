// The server's end of the thread that settles: hands orders over in batches, finds the promise of each answer again.
import { Worker } from 'node:worker_threads';
import type { Outcome } from '../command.ts';
import { readReply, type Task } from '../engine.ts';
import { ConstraintError, type Row, type Statement, StorageError } from './database.ts';
import type { Done, FromWriter, Job, ToWriter, WriterStart } from './writer-protocol.ts';

/** Room for what lives as long as one batch: with a thread's small default a fifth of its time goes to collecting it. */
const YOUNG_MB = 64;

interface Waiting {
  resolve(done: Done): void;
  reject(error: Error): void;
}

/** Called once for each account that a commit changed, before the callers of its orders go on. */
export type OnCommit = (account: string, seq: number) => void;

/** Starts the thread. @throws StorageError with what it says when it cannot work. */
export async function startWriter(
  script: URL,
  start: WriterStart,
  onCommit: OnCommit,
): Promise<WriterThread> {
  const worker = new Worker(script, {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (message: FromWriter) => {
      worker.off('error', reject);
      if ('ready' in message) resolve();
      else reject(new StorageError('refused' in message ? message.refused : 'The writer did not start.'));
    });
  });
  return new WriterThread(worker, onCommit);
}

export class WriterThread {
  /** Called when the writer met what is not as it was written. */
  onDamage: (message: string) => void = () => {};
  #worker: Worker;
  #onCommit: OnCommit;
  #waiting = new Map<number, Waiting>();
  #outbox: Job[] = [];
  #lastId = 0;
  #stopped: string | null = null;
  /** Set when nothing more may be written, though the thread still runs. */
  #halted: string | null = null;
  #exited: Promise<unknown>;

  constructor(worker: Worker, onCommit: OnCommit) {
    this.#worker = worker;
    this.#onCommit = onCommit;
    this.#exited = new Promise((resolve) => worker.once('exit', resolve));
    worker.on('message', (message: FromWriter) => this.#receive(message));
    worker.on('error', (error) =>
      this.#stop(`The ledger's writer failed (${String(error)}): restart the server.`),
    );
    worker.on('exit', () => this.#stop("The ledger's writer has ended: restart the server."));
  }

  async settle(task: Task): Promise<Outcome> {
    const done = await this.#send({ id: ++this.#lastId, task });
    if ('reply' in done) return readReply(done.reply);
    throw failureOf(done);
  }

  async write(statements: Statement[]): Promise<Row[][]> {
    const done = await this.#send({ id: ++this.#lastId, statements });
    if ('rows' in done) return done.rows;
    throw failureOf(done);
  }

  /** Refuses whatever is handed in from now on. */
  halt(reason: string): void {
    this.#halted ??= reason;
  }

  /** Lets what was handed in be answered, then ends the thread. */
  async close(): Promise<void> {
    if (this.#stopped === null) {
      this.#stopped = 'The ledger is closed.';
      this.#flush();
      this.#post({ close: true });
    }
    await this.#exited;
  }

  #send(job: Job): Promise<Done> {
    const refusal = this.#stopped ?? this.#halted;
    if (refusal !== null) return Promise.reject(new StorageError(refusal));
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
      if ('failure' in done && done.failure.kind === 'damaged') this.onDamage(done.failure.message);
    }
    // What awaits an answer goes on only after this turn, so everybody hears of the commit first.
    for (const [account, seq] of message.committed) this.#onCommit(account, seq);
  }

  #stop(reason: string): void {
    this.#stopped ??= reason;
    for (const { reject } of this.#waiting.values()) reject(new StorageError(reason));
    this.#waiting.clear();
  }
}

function failureOf(done: Done): Error {
  if (!('failure' in done)) return new StorageError('The writer answered another question.');
  const { kind, message } = done.failure;
  return kind === 'constraint' ? new ConstraintError(message) : new StorageError(message);
}
