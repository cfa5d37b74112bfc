import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import { countdownStep, formatCountdown, formatDuration, formatShort } from './durations.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test.each([
  [3 * DAY + 4 * HOUR + 59 * MINUTE, '3 d 4 h', '3 T 4 Std.'],
  [10 * HOUR + 58 * MINUTE + 59 * SECOND, '10 h 58 min', '10 Std. 58 Min.'],
  [42 * MINUTE, '42 min', '42 Min.'],
  [4 * HOUR, '4 h', '4 Std.'],
  [29 * DAY + 23 * HOUR, '29 d 23 h', '29 T 23 Std.'],
  [30 * DAY + 5 * HOUR, '30 d', '30 T'],
  [59 * SECOND, '0 min', '0 Min.'],
  [-5, '0 min', '0 Min.'],
])('%d ms are two units', (span, english, german) => {
  expect(plain(formatDuration(span, 'en'))).toBe(english);
  expect(plain(formatDuration(span, 'de'))).toBe(german);
});

test('the number never parts from its unit', () => {
  expect(formatDuration(3 * DAY + 4 * HOUR, 'en')).toBe('3\u00a0d 4\u00a0h');
});

test.each([
  [4 * MINUTE + 12 * SECOND, '4:12'],
  [4 * MINUTE + 11_001, '4:12'],
  [9 * SECOND, '0:09'],
  [0, '0:00'],
  [-1, '0:00'],
  [10 * MINUTE, '10 min'],
  [10 * MINUTE - 1, '10:00'],
])('a countdown of %d ms is %s', (left, text) => expect(plain(formatCountdown(left, 'en'))).toBe(text));

test('it ticks each second at the end, each minute before', () => {
  expect(countdownStep(4 * MINUTE)).toBe(SECOND);
  expect(countdownStep(5 * HOUR)).toBe(MINUTE);
});

test.each([
  [42 * MINUTE, '42m'],
  [9.9 * HOUR, '9h'],
  [47 * HOUR, '47h'],
  [12 * DAY, '12d'],
  [5000 * DAY, '999d'],
])('in the toolbar %d ms are %s', (span, text) => expect(formatShort(span)).toBe(text));
