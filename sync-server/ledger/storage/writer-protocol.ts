// Messages between the server's thread and the thread that settles orders: whole batches, never one by one.
import type { Reply, Task } from '../engine.ts';
import type { RuleConfig } from '../rules.ts';
import type { Row, Statement } from './database.ts';

/** What a writing thread starts with. */
export interface WriterStart {
  /** The SQLite file, or the address of the PostgreSQL. */
  at: string;
  rules: RuleConfig;
  /** Ids from a seed instead of random ones. */
  seed: string | undefined;
}

/** What waits for one transaction; `id` finds its promise again. */
export interface OrderJob {
  id: number;
  task: Task;
}
export interface WriteJob {
  id: number;
  statements: Statement[];
}
export type Job = OrderJob | WriteJob;

export type ToWriter = { jobs: Job[] } | { close: true };

/** The error of a batch or a write, without its cause: that one stays in the thread. */
export interface Failure {
  kind: 'storage' | 'damaged' | 'constraint';
  message: string;
}

export type Done =
  | { id: number; reply: Reply }
  | { id: number; rows: Row[][] }
  | { id: number; failure: Failure };

/** The answers of one transaction, and how far it brought each account it changed. */
export interface Batch {
  done: Done[];
  committed: [account: string, seq: number][];
}

export type FromWriter = { ready: true } | { refused: string } | Batch;
