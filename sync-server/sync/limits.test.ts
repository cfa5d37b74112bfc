import { expect, test } from 'vitest';
import { Bucket } from './limits.ts';

test('a bucket gives its burst at once, then what flows in, and never more than the burst', () => {
  let now = 1_000;
  const bucket = new Bucket({ now: () => now }, 10, 3);
  expect([bucket.take(1), bucket.take(2), bucket.take(1)]).toEqual([true, true, false]);
  now += 100;
  expect([bucket.take(1), bucket.take(1)]).toEqual([true, false]);
  now += 60_000;
  expect([bucket.take(4), bucket.take(3), bucket.take(1)]).toEqual([false, true, false]);
});

test('a clock that steps back gives nothing and takes nothing', () => {
  let now = 1_000;
  const bucket = new Bucket({ now: () => now }, 10, 2);
  expect(bucket.take(1)).toBe(true);
  now = 0;
  expect([bucket.take(1), bucket.take(1)]).toEqual([true, false]);
  now = 100;
  expect(bucket.take(1)).toBe(true);
});
