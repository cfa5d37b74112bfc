import { expect, test } from 'vitest';
import { shrink } from './shrink.ts';

test('what a failure needs is all that is left, in order', () => {
  const steps = Array.from({ length: 60 }, (_, index) => index);
  const needed = [3, 17, 18, 59];
  expect(shrink(steps, (some) => needed.every((step) => some.includes(step)))).toEqual(needed);
  expect(shrink(steps, () => true)).toEqual([]);
});
