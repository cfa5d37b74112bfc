// `npm run verify` on a ledger of a million transactions: transactions a second and peak memory, beside a bare pass over
// the same rows (each journal row read and hashed once, each posting summed). Bar: 200 MiB; aim: 100,000 a second.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';

const TRANSACTIONS = Number(process.env['BENCH_ROWS'] ?? 1_000_000);
const ACCOUNTS = 1_000;
const AT_ONCE = 2_000;
const BAR_MIB = 200;
const SAMPLE_MS = 50;

const SYSTEM = { principal: 'system', scope: 'system' } as const;
const STAFF = { principal: 'bench', scope: 'finance' } as const;
const SERVICE = { principal: 'compute', scope: 'service' } as const;

const Scripts = z.object({ scripts: z.object({ verify: z.string() }) });
const Row = z.object({ patch: z.string() });

/** Accounts with a grant each, the rest of the transactions are charges. */
async function fill(dataDir: string): Promise<void> {
  const ledger = await openLedger({ dataDir, clock: { now: () => Date.now() }, rules: DEFAULT_RULES });
  try {
    for (let index = 0; index < ACCOUNTS; index += 1) {
      const account = `u${index}`;
      const grant = { kind: 'grant', id: 'funds', amount: 1_000_000_000n, source: 'goodwill' } as const;
      await Promise.all([
        ledger.settle({ account, actor: SYSTEM, command: { kind: 'account.open', name: account } }),
        ledger.settle({ account, actor: STAFF, command: grant }),
      ]);
    }
    for (let from = ACCOUNTS; from < TRANSACTIONS; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, TRANSACTIONS - from) }, (_, index) => {
        const command = { kind: 'charge', id: `c${from + index}`, amount: 1n, service: 'vm' } as const;
        return ledger.settle({ account: `u${(from + index) % ACCOUNTS}`, actor: SERVICE, command });
      });
      await Promise.all(some);
    }
  } finally {
    await ledger.close();
  }
}

/** Runs the command as npm does; answers its seconds and its peak memory. */
async function verified(file: string): Promise<{ seconds: number; mib: number; said: string }> {
  const { scripts } = Scripts.parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const [, ...args] = scripts.verify.split(' ');
  const began = performance.now();
  const child = spawn(process.execPath, [...args, '--file', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  let peak = 0;
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const watch = setInterval(() => {
    try {
      peak = Math.max(peak, Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)])));
    } catch {
      // It has just ended.
    }
  }, SAMPLE_MS);
  const [code] = z
    .tuple([z.number()])
    .rest(z.unknown())
    .parse(await once(child, 'close'));
  clearInterval(watch);
  if (code !== 0) throw new Error(`verify ended with ${code}: ${said}`);
  if (peak === 0) throw new Error('Its memory could not be seen: is there a ps?');
  return { seconds: (performance.now() - began) / 1_000, mib: peak / 1_024, said };
}

/** Seconds for one look at the same rows, with no rule applied. */
function bare(file: string): number {
  const began = performance.now();
  const db = new DatabaseSync(file, { readOnly: true });
  db.prepare('SELECT name, sum(micros) FROM posting GROUP BY name').all();
  const hash = createHash('sha256');
  for (const row of db.prepare('SELECT patch FROM journal').iterate()) hash.update(Row.parse(row).patch);
  hash.digest();
  db.close();
  return (performance.now() - began) / 1_000;
}

const folder = mkdtempSync(join(tmpdir(), 'glance-bench-verify-'));
try {
  process.stdout.write(`Writing ${TRANSACTIONS} transactions ...\n`);
  await fill(folder);
  const file = join(folder, 'glance.sqlite');
  const table = [];
  for (let round = 0; round < 3; round += 1) {
    const { seconds, mib, said } = await verified(file);
    if (!said.includes('nothing is wrong')) throw new Error(said);
    table.push({
      transactions: TRANSACTIONS,
      s: Number(seconds.toFixed(1)),
      'transactions/s': Math.round(TRANSACTIONS / seconds),
      'bare pass s': Number(bare(file).toFixed(1)),
      'peak MiB': Math.round(mib),
      'bar MiB': BAR_MIB,
    });
    if (mib > BAR_MIB) process.exitCode = 1;
  }
  console.table(table);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
