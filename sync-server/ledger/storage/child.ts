// A ledger in a process of its own, to be killed at any instant: it settles without end and prints what was
// acknowledged, one `key seq` a line. Run as a program it is that process; `startChild` starts it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DEFAULT_RULES } from '../rules.ts';
import { openLedger } from '../open.ts';
import { give } from './test-orders.ts';

export interface ChildJob {
  dataDir: string;
  databaseUrl?: string | undefined;
  account: string;
  /** Tells the keys of one life from those of another. */
  round: number;
}

/** Orders under way at once in the child. */
const WRITERS = 16;

/** Starts the process; `killAfter` kills it once `count` orders were acknowledged, and answers the lines it printed. */
export function startChild(job: ChildJob): { killAfter(count: number): Promise<string[]> } {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [self, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    killAfter: async (count) => {
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (lines.length === count) child.kill('SIGKILL');
      }
      return lines;
    },
  };
}

async function live(job: ChildJob): Promise<void> {
  const clock = { now: () => Date.UTC(2026, 0, 1) };
  const ledger = await openLedger({ ...job, clock, rules: DEFAULT_RULES });
  const write = async (writer: number): Promise<never> => {
    for (let count = 0; ; count += 1) {
      const key = `kill-${job.round}-${writer}-${count}`.padEnd(16, '-');
      const { seq } = await ledger.settle(give(job.account, 2_000_000n, key));
      process.stdout.write(`${key} ${seq}\n`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
}

const [, program, job] = process.argv;
if (program === fileURLToPath(import.meta.url) && job) {
  // Our own text, from startChild.
  await live(JSON.parse(job) as ChildJob);
}
