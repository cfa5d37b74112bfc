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

test('with amounts below 0 there are a bottom, 0 and a top', () => {
  expect(niceScale(4, -9.6)).toEqual([-10, 0, 5]);
  expect(niceScale(2.2, -7)).toEqual([-10, 0, 5]);
  expect(niceScale(0, -7)).toEqual([-10, 0]);
  expect(niceScale(31.2, -0.5)).toEqual([-20, 0, 40]);
});

test('every line can be written: in cents where a unit is a cent', () => {
  expect(niceScale(0.004, 0, 0.01)).toEqual([0, 0.01]);
  expect(niceScale(0.01, 0, 0.01)).toEqual([0, 0.01]);
  expect(niceScale(0.05, 0, 0.01)).toEqual([0, 0.05]);
  expect(niceScale(0.5, 0, 0.01)).toEqual([0, 0.25, 0.5]);
  expect(niceScale(0.000_2, -0.004, 0.01)).toEqual([-0.01, 0, 0.01]);
});

test('every bar is between the ends, each at most a step away', () => {
  const amount = fc.integer({ min: 0, max: 1e12 }).map((cents) => cents / 100);
  fc.assert(
    fc.property(amount, amount, (high, below) => {
      fc.pre(high > 0 || below > 0);
      const lines = niceScale(high, -below, 0.01);
      const [bottom = 0, top = 0] = [lines[0], lines.at(-1)];
      const step = Math.max(high, below, 0.01) * 1.25 + 0.01;
      expect(lines).toContain(0);
      expect(lines.length).toBeLessThanOrEqual(3);
      expect(top).toBeGreaterThanOrEqual(high * 0.999999);
      expect(bottom).toBeLessThanOrEqual(-below * 0.999999);
      expect(top).toBeLessThanOrEqual(high + step);
      expect(bottom).toBeGreaterThanOrEqual(-below - step);
    }),
  );
});
