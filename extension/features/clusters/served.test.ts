import { expect, test } from 'vitest';
import { HOUR } from '../../../shared/time.ts';
import { perHour, servedMs } from './served.ts';

const started_at = '2026-11-21T10:00:00.000Z';
const ends_at = '2026-11-21T14:00:00.000Z';
const start = Date.parse(started_at);

test('time is served from the start to the booked end', () => {
  expect(servedMs({ started_at: null, ends_at: null }, start)).toBe(0);
  expect(servedMs({ started_at, ends_at }, start + HOUR)).toBe(HOUR);
  expect(servedMs({ started_at, ends_at }, start + 9 * HOUR)).toBe(4 * HOUR);
  expect(servedMs({ started_at, ends_at: null }, start + 9 * HOUR)).toBe(9 * HOUR);
  expect(servedMs({ started_at, ends_at }, start - 5)).toBe(0);
  expect(servedMs({ started_at: 'soon', ends_at }, start)).toBe(0);
});

test('a rate is that of all devices', () => {
  expect(perHour({ hourly: '0.3', quantity: 2 })).toBe(600_000n);
});
