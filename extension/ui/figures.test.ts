import { expect, test } from 'vitest';
import { HOUR } from '../../shared/time.ts';
import { formatCompact, formatWholeHours } from './counts.ts';
import { formatCount, formatDevice, formatHours, formatPercent, formatRate } from './figures.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test.each([
  [151.34 * HOUR, '151.3 h', '151,3 Std.'],
  [0, '0.0 h', '0,0 Std.'],
  [12_904.69 * HOUR, '12,904.6 h', '12.904,6 Std.'],
])('served hours are cut, never rounded up: %d ms', (time, english, german) => {
  expect(plain(formatHours(time, 'en'))).toBe(english);
  expect(plain(formatHours(time, 'de'))).toBe(german);
});

test('a rate is a price: a part of a cent counts as one', () => {
  expect(formatRate(1_240_000n, 'en')).toBe('$1.24/h');
  expect(formatRate(1_240_001n, 'en')).toBe('$1.25/h');
  expect(plain(formatRate(640_000n, 'de'))).toBe('0,64 $/Std.');
});

test.each([
  [46, '46%'],
  [0, '0%'],
  [0.4, '<1%'],
  [0.999, '1%'],
  [99.9, '99%'],
  [99.999_999_9, '100%'],
  [112.4, '112%'],
])('%d percent is %s', (percent, text) => {
  expect(formatPercent(percent, 'en')).toBe(text);
});

test('German parts the percent sign', () => expect(plain(formatPercent(46, 'de'))).toBe('46 %'));

test.each([
  [940, '940'],
  [1000, '1k'],
  [5_120_000, '5.1M'],
  [999_960, '1M'],
  [2_500_000_000, '2.5B'],
])('%d tokens are %s', (count, text) => expect(formatCompact(count, 'en')).toBe(text));

test('counts', () => {
  expect(formatCount(10_482, 'en')).toBe('10,482');
  expect(plain(formatDevice('RTX 4090', 2))).toBe('RTX 4090 ×2');
  expect(plain(formatWholeHours(24, 'en'))).toBe('24 h');
});
