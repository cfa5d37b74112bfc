import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../shared/time.ts';
import { trendOf } from './trend.ts';

const NOW = Date.parse('2026-11-21T14:00:00Z');

test('days tell the week, entries the last hours, and the end is the balance now', () => {
  const days = [
    { day: '2026-11-15', balance: '140' },
    { day: '2026-11-18', balance: '110' },
  ];
  const entries = [
    { at: NOW - 7 * HOUR, balance: '160' },
    { at: NOW - HOUR, balance: '150.5' },
  ];
  const points = trendOf(days, entries, '150.5', NOW);
  const valueAt = (ago: number) => points.find(({ at }) => at === NOW - ago)?.value;
  expect(points).toHaveLength(23);
  expect(valueAt(7 * DAY)).toBeUndefined();
  expect(valueAt(5 * DAY)).toBe(140);
  expect(valueAt(2 * DAY)).toBe(110);
  expect(valueAt(6 * HOUR)).toBe(160);
  expect(points.at(-1)).toEqual({ at: NOW, value: 150.5 });
});

test('what cannot be read is left out, and a new account has one point', () => {
  expect(trendOf(['junk', { day: 'x', balance: {} }], [null], '0', NOW)).toEqual([{ at: NOW, value: 0 }]);
});

test('below zero stays below zero', () => {
  const points = trendOf([], [{ at: NOW - 8 * DAY, balance: '-3.2' }], '-4', NOW);
  expect(points).toHaveLength(29);
  expect(points[0]?.value).toBe(-3.2);
});
