import { expect, test } from 'vitest';
import { LAWS } from './laws.ts';

test.each(LAWS)('$name', ({ check }) => {
  expect(() => check({ numRuns: 150 })).not.toThrow();
});
