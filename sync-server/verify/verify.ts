// Verifies a whole ledger: first the database itself, then the accounts, of which each thread takes a share.
import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { RuleConfig } from '../ledger/rules.ts';
import type { Finding } from './findings.ts';
import { COUNT_ACCOUNTS, COUNT_TRANSFERS, LAST, NTH_ACCOUNT, type Range } from './queries.ts';
import { judgeWhole } from './whole.ts';
import { openSource, type Place } from './open-source.ts';
import { type Tally, verifyRange } from './shard.ts';
import { countAt, type RowSource, SourceError, textAt } from './source.ts';
import type { FromShard, ShardStart } from './shard.worker.ts';

export interface VerifyOptions {
  place: Place;
  rules: RuleConfig;
  /** Threads that read, this one among them; by default one for each core, at most 2. */
  threads?: number;
  /** Also has the database check its own pages, indexes and row checksums, which takes about as long again. */
  pages?: boolean;
  /** Told with the running count and how many transfers there were at the start. */
  onProgress?: (done: Tally, expected: number) => void;
  /** Called with each finding as it comes, in no order of accounts. */
  onFinding: (finding: Finding) => void;
}

export interface Verified extends Tally {
  findings: number;
}

/** More threads are faster and cost some 70 MB each, so they must be asked for. */
const MAX_THREADS = 2;
/** Garbage that a thread lets lie before it sweeps, MB: what it reads lives for one row. */
const YOUNG_MB = 8;

/**
 * Re-checks every invariant and every hash chain. Reads only.
 * @throws SourceError when the database cannot be opened or read on
 */
export async function verify(options: VerifyOptions): Promise<Verified> {
  const { place, rules, onFinding, onProgress } = options;
  const total = { accounts: 0, transfers: 0, rows: 0, findings: 0 };
  const found = (findings: Finding[]) => {
    total.findings += findings.length;
    for (const finding of findings) onFinding(finding);
  };
  const source = await openSource(place);
  try {
    const { ranges, expected } = await source.snapshot((rows) => share(rows, threadsOf(options)));
    const progress = (tally: Tally, findings: Finding[]) => {
      total.accounts += tally.accounts;
      total.transfers += tally.transfers;
      total.rows += tally.rows;
      found(findings);
      onProgress?.(total, expected);
    };
    const [own, ...others] = ranges;
    const threads = Promise.all(others.map((range) => runShard({ place, range, rules }, progress)));
    // Awaited below; until then a failure is not lost, only late.
    threads.catch(() => {});
    found(await source.schemaFaults());
    if (options.pages) found(await source.pageFaults());
    found(await source.snapshot(judgeWhole));
    if (own) {
      await source.snapshot((rows) =>
        verifyRange(rows, own, rules, async (tally, findings) => {
          progress(tally, findings);
          // What the other threads tell gets its turn.
          await turn();
        }),
      );
    }
    await threads;
    return total;
  } catch (error) {
    // Which pages are damaged helps to judge what is left.
    if (!options.pages) found(await source.pageFaults());
    throw error;
  } finally {
    await source.close();
  }
}

function threadsOf({ threads }: VerifyOptions): number {
  return threads ?? Math.min(availableParallelism(), MAX_THREADS);
}

/** Splits the accounts into shares of the same number. */
async function share(
  rows: Parameters<Parameters<RowSource['snapshot']>[0]>[0],
  parts: number,
): Promise<{ ranges: Range[]; expected: number }> {
  const number = async (sql: string) => countAt((await rows.read(sql))[0] ?? [], 0);
  const accounts = await number(COUNT_ACCOUNTS);
  const ends: string[] = [];
  for (let part = 1; part < parts; part += 1) {
    const [row] = await rows.read(NTH_ACCOUNT, ['', Math.floor((accounts * part) / parts)]);
    if (row && textAt(row, 0) !== ends.at(-1)) ends.push(textAt(row, 0));
  }
  const bounds = ['', ...ends, LAST];
  const ranges = bounds.slice(1).map((upTo, index) => ({ after: bounds[index] ?? '', upTo }));
  return { ranges, expected: await number(COUNT_TRANSFERS) };
}

function runShard(start: ShardStart, progress: (tally: Tally, findings: Finding[]) => void): Promise<void> {
  const worker = new Worker(new URL('./shard.worker.ts', import.meta.url), {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromShard) => {
      if ('failed' in message) reject(new SourceError(message.failed));
      else progress(message.tally, message.findings);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new SourceError(`A thread of the verification ended with code ${code}.`));
    });
  });
}
