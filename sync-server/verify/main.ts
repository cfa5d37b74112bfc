// `npm run verify`: re-checks every invariant and every hash chain of the ledger that the environment names, or of a
// file. Reads only, beside a running server too. Exit code 1 when something is wrong, 2 when it cannot be read.
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ConfigError, readPlace } from '../config.ts';
import { rulesOf } from '../rules.ts';
import { lineOf } from './findings.ts';
import type { Place } from './open-source.ts';
import type { Tally } from './shard.ts';
import { SourceError } from './source.ts';
import { verify } from './verify.ts';

/** Findings printed; a ledger with more is past reading line by line. */
const MAX_PRINTED = 1_000;
const PROGRESS_MS = 1_000;

const count = (value: number) => value.toLocaleString('en-US');

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 64) throw new InvalidArgumentError('must be 1 to 64');
  return value;
}

function progressLine(): (done: Tally, expected: number) => void {
  let told = performance.now();
  return ({ transfers }, expected) => {
    if (performance.now() - told < PROGRESS_MS) return;
    told = performance.now();
    const share = expected === 0 ? 100 : Math.min(100, Math.floor((transfers / expected) * 100));
    process.stderr.write(`${share}%  ${count(transfers)} of ${count(expected)} transactions\n`);
  };
}

const program = new Command('verify')
  .description('re-checks every invariant and every hash chain; never writes')
  .option('--file <file>', 'a SQLite file instead of the configured database, for example a backup')
  .option('--pages', 'also check the pages, indexes and row checksums of SQLite')
  .option('--threads <number>', 'threads that read (default: one for each core, at most 2)', positive);

try {
  const {
    file,
    threads,
    pages = false,
  } = program.parse().opts<{ file?: string; threads?: number; pages?: boolean }>();
  const config = readPlace(process.env);
  const place: Place =
    file !== undefined
      ? { file }
      : config.DATABASE_URL !== undefined
        ? { databaseUrl: config.DATABASE_URL }
        : { file: join(config.DATA_DIR, 'glance.sqlite') };
  const began = performance.now();
  let printed = 0;
  const done = await verify({
    place,
    rules: rulesOf(config, ''),
    pages,
    ...(threads === undefined ? {} : { threads }),
    onProgress: progressLine(),
    onFinding: (finding) => {
      printed += 1;
      if (printed <= MAX_PRINTED) process.stdout.write(`${lineOf(finding)}\n`);
    },
  });
  const seconds = (performance.now() - began) / 1_000;
  const rate = Math.round(done.transfers / seconds);
  process.stdout.write(
    `${count(done.accounts)} accounts, ${count(done.transfers)} transactions, ${count(done.rows)} journal rows ` +
      `in ${seconds.toFixed(1)} s (${count(rate)} transactions/s)\n` +
      `${done.findings === 0 ? 'nothing is wrong' : `${count(done.findings)} findings`}\n`,
  );
  process.exitCode = done.findings === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof SourceError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
