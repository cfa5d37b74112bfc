import { expect, test } from 'vitest';
import { wholeDollars } from './whole-dollars.ts';

test.each([
  [0, '$0', '0 $'],
  [0.01, '$0.01', '0,01 $'],
  [2, '$2', '2 $'],
  [2.5, '$2.50', '2,50 $'],
  [50, '$50', '50 $'],
  [-10, '\u2212$10', '\u221210 $'],
  [-0.25, '\u2212$0.25', '\u22120,25 $'],
  [2_500, '$2.5K', '2500 $'],
  [25_000, '$25K', '25.000 $'],
  [2_500_000, '$2.5M', '2,5 Mio. $'],
])('%d dollars', (value, english, german) => {
  expect(wholeDollars(value, 'en')).toBe(english);
  expect(wholeDollars(value, 'de').replaceAll(/\s/g, ' ')).toBe(german);
});
