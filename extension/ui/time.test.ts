import { expect, test } from 'vitest';
import { dayOf, formatAhead, formatDay, formatFull, formatMoment, formatTime, startOfDay } from './time.ts';

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

test('days are those of the account, also where the clock is put back', () => {
  expect(dayOf(at, english)).toBe('2026-11-20');
  expect(dayOf(at, { language: 'en', timezone: 'Asia/Tokyo' })).toBe('2026-11-21');
  const berlin = { language: 'de', timezone: 'Europe/Berlin' };
  const evening = Date.parse('2026-10-25T22:30:00Z');
  expect(startOfDay(evening, berlin)).toBe(Date.parse('2026-10-24T22:00:00Z'));
});

test('a day as a heading', () => {
  const words = { today: 'Today', yesterday: 'Yesterday' };
  expect(formatDay(now, now, english, words)).toBe('Today');
  expect(formatDay(at, now, english, words)).toBe('Yesterday');
  expect(formatDay(Date.parse('2026-11-19T12:00:00Z'), now, english, words)).toBe('Thu, Nov 19');
  expect(formatDay(Date.parse('2025-12-19T12:00:00Z'), now, english, words)).toBe('Dec 19, 2025');
  expect(formatDay(Date.parse('2026-11-19T12:00:00Z'), now, { ...english, language: 'de' }, words)).toBe(
    'Do., 19. Nov.',
  );
});

test('what is ahead is told by its time, its weekday, its date', () => {
  expect(formatTime(at, english)).toBe('23:30');
  expect(formatAhead(Date.parse('2026-11-21T16:40:00Z'), now, english)).toBe('16:40');
  expect(formatAhead(Date.parse('2026-11-24T16:40:00Z'), now, english)).toBe('Tue 16:40');
  expect(formatAhead(Date.parse('2026-11-30T16:40:00Z'), now, english)).toBe('Nov 30');
});
