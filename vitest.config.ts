import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

/** Minutes of real time and little of the processor: it runs beside the others, so it is a project of its own. */
const IDLE = 'tests/e2e/sleep.test.ts';

// Rooms of tests: units beside their files, scenarios across rooms on a real server, e2e in a real browser.
export default defineConfig(async () => ({
  test: {
    // On 2 cores too: most of these wait for a server, a browser or a disk.
    maxWorkers: Math.max(2, availableParallelism() - 1),
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
