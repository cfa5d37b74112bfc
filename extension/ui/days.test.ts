import { expect, test } from 'vitest';
import { dayOf, formatAhead, formatDay, startOfDay } from './days.ts';

const at = Date.parse('2026-11-20T23:30:00Z');
const now = Date.parse('2026-11-21T08:00:00Z');
const english = { language: 'en', timezone: 'UTC' };

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
  expect(formatAhead(Date.parse('2026-11-21T16:40:00Z'), now, english)).toBe('16:40');
  expect(formatAhead(Date.parse('2026-11-24T16:40:00Z'), now, english)).toBe('Tue 16:40');
  expect(formatAhead(Date.parse('2026-11-30T16:40:00Z'), now, english)).toBe('Nov 30');
});
