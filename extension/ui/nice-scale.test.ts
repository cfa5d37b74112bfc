import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { niceScale } from './nice-scale.ts';

test('round figures, three lines at most', () => {
  expect(niceScale(31.2)).toEqual([0, 20, 40]);
  expect(niceScale(9)).toEqual([0, 5, 10]);
  expect(niceScale(5)).toEqual([0, 2.5, 5]);
  expect(niceScale(1_000_000)).toEqual([0, 500_000, 1_000_000]);
  expect(niceScale(0)).toEqual([0, 1]);
});

test('the top is never under the highest bar, and not far above it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.000001, max: 1e12, noNaN: true }), (high) => {
      const lines = niceScale(high);
      const top = lines.at(-1) ?? 0;
      expect(top).toBeGreaterThanOrEqual(high * 0.999999);
      expect(top).toBeLessThanOrEqual(high * 2.5 + 1e-9);
      expect(lines.length).toBeLessThanOrEqual(3);
    }),
  );
});
