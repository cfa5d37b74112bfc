// A ledger in a process of its own, to be killed at any instant: writers settle without end, and each line it prints is
// an order that was acknowledged. As a program it is that process; `startLife` starts it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Outcome } from '../../sync-server/ledger/command.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
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

export interface Life {
  /** Lets it settle some orders, some ms more, then kills it at once. Answers all that it acknowledged. */
  killAfter(orders: number, ms: number): Promise<Acknowledged[]>;
}

const Line = z.object({ writer: z.number(), count: z.number(), outcome: z.custom<Outcome>() });

/** Starts the process. @param env more variables for it, as LD_PRELOAD */
export function startLife(place: LifePlace, round: number, env: NodeJS.ProcessEnv = {}): Life {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [self, JSON.stringify({ ...place, round })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  return {
    killAfter: async (orders, ms) => {
      const lines: Acknowledged[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        // What the last write before the kill left may be half a line.
        if (!line.endsWith('}}')) continue;
        lines.push(Line.parse(JSON.parse(line)));
        if (lines.length === orders) void sleep(ms).then(() => child.kill('SIGKILL'));
      }
      if (lines.length < orders) throw new Error(`it ended by itself after ${lines.length} orders`);
      return lines;
    },
  };
}

async function live({ round, ...place }: LifePlace & { round: number }): Promise<void> {
  const clock = { now: () => Date.now() };
  const ledger = await openLedger({ ...place, clock, rules: DEFAULT_RULES });
  const write = async (writer: number): Promise<never> => {
    for (let count = 0; ; count += 1) {
      const outcome = await must(ledger, orderOf(round, writer, count));
      process.stdout.write(`${JSON.stringify({ writer, count, outcome } satisfies Acknowledged)}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
}

const [, program, job] = process.argv;
if (program === fileURLToPath(import.meta.url) && job) {
  // Our own text, from startLife.
  await live(JSON.parse(job) as LifePlace & { round: number });
}
