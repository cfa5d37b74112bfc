import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

// Three rooms of tests: units beside their files, scenarios across rooms on a real server, e2e in a real browser.
export default defineConfig(async () => ({
  test: {
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
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // A browser takes a core of its own: one file at a time keeps timings honest.
          fileParallelism: false,
        },
      },
    ],
  },
}));
