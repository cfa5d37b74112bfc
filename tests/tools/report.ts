// Reads vitest's JSON report: how many tests passed, failed and were skipped, and which files took longest.
import { readFileSync, rmSync } from 'node:fs';
import * as z from 'zod/mini';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const Report = z.object({
  numTotalTests: z.number(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      startTime: z.number(),
      endTime: z.number(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

export interface Summary extends Tally {
  /** Test files, slowest first, time in ms. */
  files: { name: string; ms: number }[];
}

/** Where the report of one vitest run is written; an older one is removed, so that it is never read as today's. */
export function freshReport(path: string): string {
  rmSync(path, { force: true });
  return path;
}

/** The counts of a report. A file that broke outside its tests counts as one failure of its own. */
export function readReport(path: string): Summary {
  const report = Report.parse(JSON.parse(readFileSync(path, 'utf8')));
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numTotalTests - report.numPassedTests - report.numFailedTests,
    files: report.testResults
      .map((file) => ({ name: file.name, ms: Math.round(file.endTime - file.startTime) }))
      .sort((a, b) => b.ms - a.ms),
  };
}
