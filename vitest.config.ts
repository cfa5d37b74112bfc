import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

/** Minutes of real time and little of the processor: it runs beside the others, so it is a project of its own. */
const IDLE = 'tests/e2e/sleep.test.ts';

/** By far the longest of its project: last, it would leave the other worker without work. */
const FIRST = 'tests/e2e/panel-looks.test.ts';

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isRest = ({ moduleId }: TestSpecification) => Number(!moduleId.endsWith(FIRST));
    return (await super.sort(files)).toSorted((a, b) => isRest(a) - isRest(b));
  }
}

// Rooms of tests: units beside their files, scenarios across rooms on a real server, e2e in a real browser.
export default defineConfig(async () => ({
  test: {
    // On 2 cores too: most of these wait for a server, a browser or a disk.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins: [await WxtVitest()],
        test: {
          name: 'unit',
          include: ['{shared,sync-server,extension}/**/*.test.{ts,tsx}'],
          restoreMocks: true,
        },
      },
      {
        test: {
          name: 'scenarios',
          include: ['tests/{scenarios,crash,fuzz,scale,bench,tools}/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: [IDLE],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Two browsers at a time: one waits while the other draws. More would make each too slow for its deadlines.
          maxWorkers: 2,
        },
      },
      {
        test: { name: 'idle', include: [IDLE], testTimeout: 300_000, hookTimeout: 120_000 },
      },
    ],
  },
}));
