import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freshReport, readReport } from './report.ts';
import { runSteps } from './steps.ts';
import type { Step } from './steps.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'report-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

interface File {
  name: string;
  status: 'passed' | 'failed';
  tests: string[];
}

function write(files: File[]): string {
  const path = join(folder, 'report.json');
  const all = files.flatMap((file) => file.tests);
  const report = {
    numTotalTests: all.length,
    numPassedTests: all.filter((status) => status === 'passed').length,
    numFailedTests: all.filter((status) => status === 'failed').length,
    testResults: files.map((file, index) => ({
      name: file.name,
      status: file.status,
      startTime: 0,
      endTime: index * 1000,
      assertionResults: file.tests.map((status) => ({ status })),
    })),
  };
  writeFileSync(path, JSON.stringify(report));
  return path;
}

const good: File = { name: 'a.test.ts', status: 'passed', tests: ['passed', 'passed', 'skipped'] };

test('tests are counted as passed, failed and skipped, the slowest file first', () => {
  const path = write([good, { name: 'b.test.ts', status: 'failed', tests: ['failed', 'todo'] }]);
  expect(readReport(path)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 2,
    files: [
      { name: 'b.test.ts', ms: 1000 },
      { name: 'a.test.ts', ms: 0 },
    ],
  });
});

test('a file that breaks in a hook, its tests only skipped, is a failure', () => {
  const path = write([good, { name: 'b.test.ts', status: 'failed', tests: ['skipped'] }]);
  expect(readReport(path)).toMatchObject({ passed: 2, failed: 1 });
});

test('an older report is gone before a new run, so it cannot be counted', () => {
  const path = freshReport(write([good]));
  expect(() => readReport(path)).toThrow('ENOENT');
});

const node = (name: string, code: string, more: Partial<Step> = {}): Step => ({
  name,
  command: [process.execPath, '-e', code],
  ...more,
});

async function run(steps: Step[]): Promise<{ code: number; lines: string[] }> {
  let output = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const code = await runSteps(steps);
  return { code, lines: output.trim().split('\n') };
}

test('every step is run, what needs a broken one is named, and the last line sums up', async () => {
  const { code, lines } = await run([
    node('build', 'process.exit(3)'),
    node('units', ''),
    node('e2e', '', { needs: 'build' }),
  ]);
  expect(code).toBe(1);
  expect(lines.find((line) => line.startsWith('FAIL build'))).toContain('exit code 3');
  expect(lines.find((line) => line.startsWith('FAIL e2e'))).toContain('not run: build failed');
  expect(lines.at(-1)).toBe('1 passed, 2 failed, 0 skipped');
});

test('a vitest run that ends badly without a failed test still fails', async () => {
  const source = write([good]);
  const report = join(folder, 'run.json');
  const copy = `fs.copyFileSync(${JSON.stringify(source)}, ${JSON.stringify(report)}); process.exit(1)`;
  const { code, lines } = await run([node('node', copy, { report })]);
  expect(code).toBe(1);
  expect(lines.at(-1)).toBe('2 passed, 1 failed, 1 skipped');
});

test('all well ends with code 0', async () => {
  const { code, lines } = await run([node('types', ''), node('lint', '')]);
  expect(code).toBe(0);
  expect(lines.at(-1)).toBe('2 passed, 0 failed, 0 skipped');
});

test('a step beside the others holds nobody up, is waited for, and says its part at its end', async () => {
  const { code, lines } = await run([
    node('idle', 'setTimeout(() => { console.log("awake"); process.exit(4); }, 400)', { beside: true }),
    node('units', ''),
  ]);
  expect(code).toBe(1);
  expect(lines.findIndex((line) => line.startsWith('== units:'))).toBeLessThan(lines.indexOf('awake'));
  expect(lines.find((line) => line.startsWith('FAIL idle'))).toContain('exit code 4');
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 0 skipped');
});
