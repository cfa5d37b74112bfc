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
const TESTS = ['sync-server/ledger/vectors.test.ts', 'tests/fuzz/ledger/differential.test.ts'];
const TIMEOUT_MS = 300_000;

const Report = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      message: z.string().optional(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), title: z.string() })),
    }),
  ),
});

/** First test that fails in a copy of the project; null when all pass. */
function firstFailure(copy: string): string | null {
  const report = path.join(copy, 'report.json');
  rmSync(report, { force: true });
  const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
  const options = ['--bail=1', '--no-file-parallelism', '--testTimeout=240000', '--reporter=json'];
  const run = spawnSync(
    process.execPath,
    [vitest, 'run', `--root=${copy}`, ...options, `--outputFile=${report}`, ...TESTS],
    { cwd: copy, encoding: 'utf8', timeout: TIMEOUT_MS },
  );
  if (run.error) return `did not end: ${run.error.message}`;
  const { testResults } = Report.parse(JSON.parse(readFileSync(report, 'utf8')));
  for (const { name, status, message, assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed');
    const file = path.basename(name, '.test.ts');
    if (failed) return `${file}: ${failed.title}`;
    if (status === 'failed') return `${file}: ${message ?? 'cannot be loaded'}`;
  }
  return run.status === 0 ? null : `exit code ${run.status}`;
}

/** What noticed a mutation; null when nothing did. @throws Error when its text does not stand exactly once. */
function killer(copy: string, { file, from, to }: Mutation): string | null {
  const target = path.join(copy, file);
  const original = readFileSync(target, 'utf8');
  if (original.split(from).length !== 2) throw new Error(`${file} does not hold exactly once: ${from}`);
  writeFileSync(
    target,
    original.replace(from, () => to),
  );
  try {
    return firstFailure(copy);
  } finally {
    writeFileSync(target, original);
  }
}

function main(wanted: string): number {
  const copy = mkdtempSync(path.join(tmpdir(), 'io-glance-mutants-'));
  try {
    for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
    const sound = firstFailure(copy);
    if (sound !== null) {
      console.error(`The tests fail without any mutation: ${sound}`);
      return 1;
    }
    const mutations = MUTATIONS.filter(({ name }) => name.includes(wanted));
    let survived = 0;
    for (const mutation of mutations) {
      let verdict: string;
      try {
        const by = killer(copy, mutation);
        if (by === null) survived += 1;
        verdict = by === null ? 'SURVIVED' : `killed by ${by}`;
      } catch (error) {
        survived += 1;
        verdict = `NOT APPLIED: ${error instanceof Error ? error.message : String(error)}`;
      }
      console.info(`${mutation.name.padEnd(72)} ${verdict}`);
    }
    console.info(`mutants: ${mutations.length - survived} of ${mutations.length} killed`);
    return survived === 0 && mutations.length > 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

process.exitCode = main(process.argv[2] ?? '');
