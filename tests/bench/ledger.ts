// Durable settlements a second through the ledger's own door, against the bare SQL of one posting on the same engine
// with the same group commit, interleaved in one run. Bar: floor 40%, target 60% (median of the pairs' ratios).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import type { Ledger } from '../../sync-server/ledger/ledger.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import type { BareJob } from './lib/bare.worker.ts';

const WRITERS = [1, 8, 32, 128];
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 7);
const ROUND_MS = Number(process.env['BENCH_ROUND_MS'] ?? 1_000);
const ACCOUNTS = 256;
const FLOOR = 0.4;
const FUNDS = 1_000_000_000_000n;
const SYSTEM = { principal: 'system', scope: 'system' } as const;
const SERVICE = { principal: 'compute', scope: 'service' } as const;

type Post = (account: string, id: string) => Promise<void>;

interface Round {
  /** Settlements a second. */
  rate: number;
  p50: number;
  p99: number;
}

let ids = 0;

/** `writers` loops, each with the next post as soon as its last one is durable. */
async function round(post: Post, writers: number): Promise<Round> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + ROUND_MS;
  const write = async (writer: number) => {
    for (let count = writer; performance.now() < end; count += writers) {
      const began = performance.now();
      await post(`u${count % ACCOUNTS}`, `charge-${++ids}`.padEnd(20, '-'));
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { rate: times.length / ((performance.now() - start) / 1_000), p50: at(0.5), p99: at(0.99) };
}

async function fund(ledger: Ledger, account: string): Promise<void> {
  const admin = { principal: 'staff', scope: 'admin' } as const;
  await ledger.settle({ account, actor: admin, command: { kind: 'account.open', name: account } });
  const start = { kind: 'purchase.start', amount: FUNDS, method: 'usdc' } as const;
  const bought = await ledger.settle({
    account,
    actor: { principal: account, scope: 'account' },
    command: start,
  });
  if (!bought.ok) throw new Error(bought.problem.code);
  const { id } = bought.answer;
  if (typeof id !== 'string') throw new Error('A purchase without an id.');
  const paid = {
    kind: 'payment.succeeded',
    purchase_id: id,
    payment_id: `pay-${account}`,
    provider: 'bench',
    amount: FUNDS,
  } as const;
  const outcome = await ledger.settle({ account, actor: SYSTEM, command: paid });
  if (!outcome.ok) throw new Error(outcome.problem.code);
}

function bareEngine(file: string): { post: Post; close(): Promise<void> } {
  const worker = new Worker(new URL('./lib/bare.worker.ts', import.meta.url), { workerData: file });
  const waiting = new Map<number, () => void>();
  let outbox: BareJob[] = [];
  worker.on('message', (done: { id: number }[]) => {
    for (const { id } of done) {
      waiting.get(id)?.();
      waiting.delete(id);
    }
  });
  const flush = () => {
    worker.postMessage(outbox);
    outbox = [];
  };
  return {
    post: (account, key) =>
      new Promise((resolve) => {
        const id = ++ids;
        waiting.set(id, resolve);
        if (outbox.push({ id, key, account }) === 1) setImmediate(flush);
      }),
    close: async () => {
      const exited = new Promise((resolve) => worker.once('exit', resolve));
      worker.postMessage('close');
      await exited;
    },
  };
}

function charges(ledger: Ledger): Post {
  return async (account, id) => {
    const command = { kind: 'charge', id, amount: 1n, service: 'vm' } as const;
    const outcome = await ledger.settle({ account, actor: SERVICE, command });
    if (!outcome.ok) throw new Error(outcome.problem.code);
  };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const folder = mkdtempSync(join(tmpdir(), 'glance-bench-'));
const ledger = await openLedger({ dataDir: folder, clock: { now: () => Date.now() }, rules: DEFAULT_RULES });
const bare = bareEngine(join(folder, 'bare.sqlite'));
try {
  await Promise.all(Array.from({ length: ACCOUNTS }, (_, index) => fund(ledger, `u${index}`)));
  const post = charges(ledger);
  // Both engines warm before the first pair counts.
  await round(post, 32);
  await round(bare.post, 32);
  const table = [];
  for (const writers of WRITERS) {
    const pairs: { ours: Round; peer: Round }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      pairs.push({ ours: await round(post, writers), peer: await round(bare.post, writers) });
    }
    const ratio = median(pairs.map(({ ours, peer }) => ours.rate / peer.rate));
    table.push({
      writers,
      'ours/s': Math.round(median(pairs.map(({ ours }) => ours.rate))),
      'bare/s': Math.round(median(pairs.map(({ peer }) => peer.rate))),
      ratio: Number(ratio.toFixed(2)),
      'p50 ms': Number(median(pairs.map(({ ours }) => ours.p50)).toFixed(2)),
      'p99 ms': Number(median(pairs.map(({ ours }) => ours.p99)).toFixed(2)),
    });
    if (ratio < FLOOR) process.exitCode = 1;
  }
  console.table(table);
} finally {
  await Promise.all([ledger.close(), bare.close()]);
  rmSync(folder, { recursive: true, force: true });
}
