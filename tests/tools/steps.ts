// Runs checks one after the other, each to its end, some beside the others, and closes with the count that people and
// CI read.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { freshReport, readReport } from './report.ts';
import type { Tally } from './report.ts';

export interface Step {
  name: string;
  command: [string, ...string[]];
  /** Vitest's JSON report: its tests are counted instead of the step. */
  report?: string;
  /** Names a step whose success this one needs; else it is not run and counts as failed. */
  needs?: string;
  /** Runs beside the steps that follow, as one that mostly waits may; what it says is printed at its end. */
  beside?: boolean;
  env?: Record<string, string>;
}

/** A vitest run of some projects, counted by its own report. */
export function vitestStep(name: string, projects: string[], options: Partial<Step> = {}): Step {
  const report = `artifacts/test/${name}.json`;
  const chosen = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return { name, command: ['vitest', 'run', ...chosen, ...reporters], report, ...options };
}

/** Runs every step, prints each one's time and the closing count, and answers the exit code. */
export async function runSteps(steps: Step[]): Promise<number> {
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  const slow: { name: string; ms: number }[] = [];
  const failed = new Set<string>();
  const take = async (step: Step) => {
    const { tally, ms, note } = await runStep(step, failed);
    if (tally.failed > 0) failed.add(step.name);
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped += tally.skipped;
    lines.push(
      `${tally.failed > 0 ? 'FAIL' : 'ok  '} ${step.name.padEnd(10)} ${(ms / 1000).toFixed(1).padStart(6)} s${note}`,
    );
    if (step.report && existsSync(step.report)) slow.push(...readReport(step.report).files);
  };
  const besides: Promise<void>[] = [];
  for (const step of steps) {
    const done = take(step);
    if (step.beside) besides.push(done);
    else await done;
  }
  await Promise.all(besides);
  process.stdout.write(`\n${lines.join('\n')}\n`);
  const slowest = slow.sort((a, b) => b.ms - a.ms).slice(0, 8);
  if (slowest.length > 0) process.stdout.write('\nSlowest test files\n');
  for (const file of slowest) {
    process.stdout.write(
      `${(file.ms / 1000).toFixed(1).padStart(6)} s  ${relative(process.cwd(), file.name)}\n`,
    );
  }
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed > 0 ? 1 : 0;
}

async function runStep(step: Step, failed: Set<string>): Promise<{ tally: Tally; ms: number; note: string }> {
  if (step.needs && failed.has(step.needs)) {
    return {
      tally: { passed: 0, failed: 1, skipped: 0 },
      ms: 0,
      note: `  not run: ${step.needs} failed`,
    };
  }
  process.stdout.write(`\n== ${step.name}: ${step.command.join(' ')}\n`);
  const report = step.report ? freshReport(step.report) : undefined;
  const started = performance.now();
  const code = await run(step);
  const ms = performance.now() - started;
  if (!report || !existsSync(report)) {
    const tally = { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    return { tally, ms, note: code === 0 ? '' : `  exit code ${code}` };
  }
  const { passed, failed: failures, skipped } = readReport(report);
  // Vitest also fails for errors outside any test; that is one failure more, never none.
  const tally = { passed, failed: code === 0 ? failures : Math.max(failures, 1), skipped };
  return { tally, ms, note: `  ${passed} passed, ${tally.failed} failed, ${skipped} skipped` };
}

function run(step: Step): Promise<number> {
  const [command, ...args] = step.command;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: step.beside ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...step.env },
      // Windows finds the commands of node_modules/.bin only through its shell.
      shell: process.platform === 'win32',
    });
    let said = '';
    for (const output of [child.stdout, child.stderr]) output?.on('data', (text: Buffer) => (said += text));
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code) => {
      if (said !== '') process.stdout.write(`\n== ${step.name}, beside the others:\n${said}`);
      resolve(code ?? 1);
    });
  });
}
