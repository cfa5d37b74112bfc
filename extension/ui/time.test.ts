import { expect, test } from 'vitest';
import { formatFull, formatMoment, formatTime } from './time.ts';

const at = Date.parse('2026-11-20T23:30:00Z');
const now = Date.parse('2026-11-21T08:00:00Z');
const english = { language: 'en', timezone: 'UTC' };

test('today is the time of day, in 24 hours', () => {
  expect(formatMoment(Date.parse('2026-11-21T00:05:00Z'), now, english)).toBe('00:05');
  expect(formatMoment(Date.parse('2026-11-21T14:02:59Z'), now, english)).toBe('14:02');
});

test('what counts as today follows the timezone of the account', () => {
  expect(formatMoment(at, now, english)).toBe('Nov 20');
  expect(formatMoment(at, now, { language: 'en', timezone: 'Asia/Tokyo' })).toBe('08:30');
});

test('an older year shows month and year', () => {
  expect(formatMoment(Date.parse('2025-12-03T10:00:00Z'), now, english)).toBe('Dec 2025');
  expect(formatMoment(Date.parse('2025-12-03T10:00:00Z'), now, { language: 'de', timezone: 'UTC' })).toBe(
    'Dez. 2025',
  );
});

test('a timezone that the browser does not know falls back to its own', () => {
  expect(formatMoment(now, now, { language: 'en', timezone: 'Mars/Olympus' })).toMatch(/^\d\d:\d\d$/);
});

test('in full it names its zone', () => {
  expect(formatFull(at, english)).toBe('Nov 20, 2026, 23:30:00 UTC');
});

test('the time alone', () => expect(formatTime(at, english)).toBe('23:30'));
