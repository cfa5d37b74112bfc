// A ledger in a process of its own, to be killed at any instant: writers settle without end, and each line it prints is
// an order that was acknowledged, or failed. As a program it is that process; `startLife` starts it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Outcome } from '../../sync-server/ledger/command.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { StorageError } from '../../sync-server/ledger/storage/database.ts';
import { must, orderOf, WRITERS } from './orders.ts';

export interface LifePlace {
  dataDir: string;
  databaseUrl?: string | undefined;
}

export interface Acknowledged {
  writer: number;
  count: number;
  outcome: Outcome;
}

export interface Failed {
  writer: number;
  count: number;
  failed: string;
}

export interface Life {
  /** Lets it settle some orders, some ms more, then kills it at once. Answers all that it acknowledged. */
  killAfter(orders: number, ms: number): Promise<Acknowledged[]>;
  /** Waits until every writer has met a database that cannot answer. */
  untilAllFailed(): Promise<{ acknowledged: Acknowledged[]; failed: Failed[] }>;
}

export interface LifeOptions {
  place: LifePlace;
  /** Tells the orders of one life from those of another. */
  round: number;
  /** Writers at once; with one of them each order is a commit of its own. */
  writers?: number;
  /** More variables for the process, as LD_PRELOAD. */
  env?: NodeJS.ProcessEnv;
}

type Job = LifePlace & { round: number; writers: number };

const Line = z.union([
  z.object({
    writer: z.number(),
    count: z.number(),
    outcome: z.custom<Outcome>((value) => value !== undefined),
  }),
  z.object({ writer: z.number(), count: z.number(), failed: z.string() }),
]);

/** Starts the process. */
export function startLife({ place, round, writers = WRITERS, env = {} }: LifeOptions): Life {
  const self = fileURLToPath(import.meta.url);
  const job: Job = { ...place, round, writers };
  const child = spawn(process.execPath, [self, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  async function* lines() {
    for await (const line of createInterface({ input: child.stdout })) {
      // What the last write before a kill left may be half a line.
      if (/^\{.*\}$/.test(line)) yield Line.parse(JSON.parse(line));
    }
  }
  return {
    killAfter: async (orders, ms) => {
      const acknowledged: Acknowledged[] = [];
      for await (const line of lines()) {
        if ('failed' in line) throw new Error(`order ${line.writer}-${line.count}: ${line.failed}`);
        acknowledged.push(line);
        if (acknowledged.length === orders) void sleep(ms).then(() => child.kill('SIGKILL'));
      }
      if (acknowledged.length < orders)
        throw new Error(`it ended by itself after ${acknowledged.length} orders`);
      return acknowledged;
    },
    untilAllFailed: async () => {
      const acknowledged: Acknowledged[] = [];
      const failed: Failed[] = [];
      for await (const line of lines()) {
        if ('failed' in line) failed.push(line);
        else acknowledged.push(line);
      }
      return { acknowledged, failed };
    },
  };
}

async function live({ round, writers, ...place }: Job): Promise<void> {
  const clock = { now: () => Date.now() };
  const ledger = await openLedger({ ...place, clock, rules: DEFAULT_RULES });
  // Waited for: what a slow reader has no room for yet is lost in a kill.
  const print = (line: Acknowledged | Failed) =>
    new Promise<void>((resolve) => process.stdout.write(`${JSON.stringify(line)}\n`, () => resolve()));
  const write = async (writer: number): Promise<void> => {
    for (let count = 0; ; count += 1) {
      try {
        const outcome = await must(ledger, orderOf(round, writer, count));
        await print({ writer, count, outcome });
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        await print({ writer, count, failed: error.message });
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  await ledger.close();
}

const [, program, job] = process.argv;
if (program === fileURLToPath(import.meta.url) && job) {
  // Our own text, from startLife.
  await live(JSON.parse(job) as Job);
}
