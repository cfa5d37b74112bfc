// Breaks the core in the ways of mutations.ts, one at a time in a copy, and shows that the decision table or a short
// differential run notices each: node tests/fuzz/ledger/mutants.ts [part of a name]. Exits 1 when one survives.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Mutation, MUTATIONS } from './mutations.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COPIED = ['shared', 'sync-server', 'tests/fuzz/ledger', 'tests/fixtures', 'package.json'];
const TESTS = {
  table: 'sync-server/ledger/vectors.test.ts',
  differential: 'tests/fuzz/ledger/differential.test.ts',
} as const;
type TestName = keyof typeof TESTS;
const TIMEOUT_MS = 300_000;

const Report = z.object({
  numTotalTests: z.number().min(1, 'no test could be loaded'),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
});

/** How many tests of a file fail in a copy of the project. @throws Error when they could not be run. */
function failures(copy: string, name: TestName): number {
  const report = path.join(copy, 'report.json');
  rmSync(report, { force: true });
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  // One disagreement is enough, but the table tells how many of its rows notice.
  const bail = name === 'differential' ? ['--bail=1'] : [];
  const options = ['--testTimeout=240000', '--reporter=json', `--outputFile=${report}`, ...bail];
  const run = spawnSync(process.execPath, [vitest, 'run', `--root=${copy}`, ...options, TESTS[name]], {
    cwd: copy,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (run.error) throw run.error;
  return Report.parse(JSON.parse(readFileSync(report, 'utf8'))).numFailedTests;
}

/** Applies a mutation for as long as the work takes. @throws Error when its text does not stand exactly once. */
function mutated<T>(copy: string, { file, from, to }: Mutation, work: () => T): T {
  const target = path.join(copy, file);
  const original = readFileSync(target, 'utf8');
  if (original.split(from).length !== 2) throw new Error(`${file} does not hold exactly once: ${from}`);
  writeFileSync(
    target,
    original.replace(from, () => to),
  );
  try {
    return work();
  } finally {
    writeFileSync(target, original);
  }
}

/** Breaks the copy once and says who noticed. */
function verdictOn(copy: string, mutation: Mutation): { killed: boolean; text: string } {
  try {
    return mutated(copy, mutation, () => {
      const rows = failures(copy, 'table');
      const differs = failures(copy, 'differential') > 0;
      const text = `${differs ? 'differs' : 'agrees '}  ${rows === 0 ? '-' : `${rows} rows`}`;
      return { killed: differs || rows > 0, text };
    });
  } catch (error) {
    return { killed: false, text: `NOT APPLIED: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function main(wanted: string): number {
  const copy = mkdtempSync(path.join(tmpdir(), 'io-glance-mutants-'));
  try {
    for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    for (const name of ['table', 'differential'] as const) {
      if (failures(copy, name) === 0) continue;
      console.error(`${TESTS[name]} fails without any mutation`);
      return 1;
    }
    const mutations = MUTATIONS.filter(({ name }) => name.includes(wanted));
    let survived = 0;
    for (const mutation of mutations) {
      const { killed, text } = verdictOn(copy, mutation);
      if (!killed) survived += 1;
      console.info(`${killed ? 'killed  ' : 'SURVIVED'}  ${mutation.name.padEnd(72)}  ${text}`);
    }
    console.info(`mutants: ${mutations.length - survived} of ${mutations.length} killed`);
    return survived === 0 && mutations.length > 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

process.exitCode = main(process.argv[2] ?? '');
