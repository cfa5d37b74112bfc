import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../shared/time.ts';
import { lastDays, startOfNamedDay } from './calendar.ts';

const berlin = { language: 'en', timezone: 'Europe/Berlin' };

test.each([
  // 31 March 00:30, after the night that lost an hour; 26 October 23:30, after the one that gained one.
  { now: '2026-03-30T22:30:00Z', first: '2026-03-24T23:00:00.000Z' },
  { now: '2026-10-26T22:30:00Z', first: '2026-10-19T22:00:00.000Z' },
])('seven days before $now begin at $first', ({ now, first }) => {
  const starts = lastDays(Date.parse(now), 7, berlin);
  expect(starts).toHaveLength(7);
  expect(new Date(starts[0] ?? 0).toISOString()).toBe(first);
});

test('a day by its name begins at its own midnight, and there is no 31st of February', () => {
  const start = startOfNamedDay('2026-10-25', berlin) ?? 0;
  expect(new Date(start).toISOString()).toBe('2026-10-24T22:00:00.000Z');
  expect(startOfNamedDay('2026-10-25', berlin, 1)).toBe(start + DAY + HOUR);
  for (const none of ['', 'x', '2026-02-31', '2026-2-3'])
    expect(startOfNamedDay(none, berlin), none).toBeNull();
});

test('in a timezone that this browser does not know, this device’s own stands in', () => {
  const here = { language: 'en', timezone: null };
  const nowhere = { language: 'en', timezone: 'Mars/Phobos' };
  expect(startOfNamedDay('2026-10-25', nowhere)).toBe(startOfNamedDay('2026-10-25', here));
});
