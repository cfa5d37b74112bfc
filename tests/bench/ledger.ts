// Durable settlements a second through the ledger's own door, against the bare SQL of one posting on the same engine
// with the same group commit, interleaved in one run. Bar: floor 40%, target 60% (median of the pairs' ratios).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import type { BareJob } from './lib/bare.worker.ts';
import { charges, fundAll, interleaved, lineOf, type Post, ratioOf, warm } from './lib/settling.ts';

const WRITERS = [1, 8, 32, 128];
const FLOOR = 0.4;

function bareEngine(file: string): { post: Post; close(): Promise<void> } {
  const worker = new Worker(new URL('./lib/bare.worker.ts', import.meta.url), { workerData: file });
  const waiting = new Map<number, () => void>();
  let outbox: BareJob[] = [];
  let lastId = 0;
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
        lastId += 1;
        const id = lastId;
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

const folder = mkdtempSync(join(tmpdir(), 'glance-bench-'));
const ledger = await openLedger({ dataDir: folder, clock: { now: () => Date.now() }, rules: DEFAULT_RULES });
const bare = bareEngine(join(folder, 'bare.sqlite'));
try {
  await fundAll(ledger);
  const post = charges(ledger);
  await warm(post, bare.post);
  const table = [];
  for (const writers of WRITERS) {
    const pairs = await interleaved(post, bare.post, writers);
    table.push({ writers, ...lineOf(pairs) });
    if (ratioOf(pairs) < FLOOR) process.exitCode = 1;
  }
  console.table(table);
} finally {
  await Promise.all([ledger.close(), bare.close()]);
  rmSync(folder, { recursive: true, force: true });
}
