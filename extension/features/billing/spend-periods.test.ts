import { expect, test } from 'vitest';
import type { Entry } from '../../../shared/account.ts';
import { HOUR } from '../../../shared/time.ts';
import {
  slotStarts,
  spendOf,
  spendOfUtcDays,
  spentBetween,
  startBefore,
  totals,
  wholeShares,
} from './spend-periods.ts';

const berlin = { language: 'en', timezone: 'Europe/Berlin' };
const NOW = Date.parse('2026-10-27T14:00:00Z');
const entry = (time: string, service: string, type: string, amount: string): Entry => ({
  n: 1,
  id: 'e',
  at: Date.parse(time),
  service,
  type,
  amount,
  balance: '0',
  status: 'completed',
});

test('a week is seven days of the account, also when the clocks change in it', () => {
  const starts = slotStarts('week', NOW, berlin);
  expect(starts.map((start) => new Date(start).toISOString().slice(0, 13))).toEqual([
    '2026-10-20T22',
    '2026-10-21T22',
    '2026-10-22T22',
    '2026-10-23T22',
    '2026-10-24T22',
    '2026-10-25T23', // the day before had 25 hours
    '2026-10-26T23',
  ]);
  expect(new Date(startBefore('week', starts, berlin)).toISOString()).toBe('2026-10-13T22:00:00.000Z');
});

test('a day has twelve bars of two hours, a month thirty days', () => {
  const starts = slotStarts('day', NOW, berlin);
  expect(starts).toHaveLength(12);
  expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBe(2 * HOUR);
  expect(slotStarts('month', NOW, berlin)).toHaveLength(30);
});

test('usage counts, refunds are deducted on the day they came, top-ups are no spending', () => {
  const entries = [
    entry('2026-10-27T13:00:00Z', 'vm', 'refund', '1.8'),
    entry('2026-10-27T12:00:00Z', 'vm', 'usage', '-3'),
    entry('2026-10-26T12:00:00Z', 'inference', 'usage', '-4'),
    entry('2026-10-26T11:00:00Z', 'credits', 'purchase', '50'),
    entry('2026-10-01T11:00:00Z', 'vm', 'usage', '-99'),
  ];
  const slots = spendOf(entries, slotStarts('week', NOW, berlin));
  expect(slots.at(-1)?.by.get('vm')).toBe(1_200_000n);
  expect(totals(slots)).toEqual([
    ['inference', 4_000_000n],
    ['vm', 1_200_000n],
  ]);
  expect(spentBetween(entries, Date.parse('2026-10-26T00:00:00Z'), NOW)).toBe(5_200_000n);
});

test('a service that gave back all it took stays among the sums, one without any movement does not', () => {
  const entries = [
    entry('2026-10-27T13:00:00Z', 'ray', 'refund', '4'),
    entry('2026-10-27T12:00:00Z', 'vm', 'refund', '1'),
    entry('2026-10-26T12:00:00Z', 'ray', 'usage', '-4'),
    entry('2026-10-26T11:00:00Z', 'caas', 'usage', '0'),
  ];
  expect(totals(spendOf(entries, slotStarts('week', NOW, berlin)))).toEqual([
    ['ray', 0n],
    ['vm', -1_000_000n],
  ]);
});

test.each([
  [
    [61_760_000n, 59_840_000n, 59_400_000n, 6_270_000n],
    [33, 32, 32, 3],
  ],
  [
    [1n, 1n, 1n],
    [34, 33, 33],
  ],
  [
    [999n, 1n],
    [100, 0.5],
  ],
  [
    [100n, -20n],
    [100, 0],
  ],
  [[], []],
])('whole shares add up to 100 (%#)', (sums, shares) => expect(wholeShares(sums)).toEqual(shares));

test('while the entries are not read, the days are those of the book, under their own names', () => {
  // Friday 18:00 in Los Angeles is Saturday in UTC.
  const now = Date.parse('2026-11-21T02:00:00Z');
  const day = (name: string, vm: string) => ({ day: name, spent: { vm }, balance: '1' });
  const spend = {
    as_of: '2026-11-21T01:00:00.000Z',
    n: 7,
    days: [day('2026-11-14', '99'), day('2026-11-20', '10'), day('2026-11-21', '7')],
  };
  const slots = spendOfUtcDays(spend, now);
  expect(slots.map(({ start }) => new Date(start).toISOString().slice(0, 16))).toEqual([
    '2026-11-15T00:00',
    '2026-11-16T00:00',
    '2026-11-17T00:00',
    '2026-11-18T00:00',
    '2026-11-19T00:00',
    '2026-11-20T00:00',
    '2026-11-21T00:00',
  ]);
  expect(slots.map(({ by }) => by.get('vm'))).toEqual([
    ...Array.from({ length: 5 }),
    10_000_000n,
    7_000_000n,
  ]);
});

test('in a timezone that this browser does not know there is a week all the same', () => {
  expect(slotStarts('week', NOW, { language: 'en', timezone: 'Mars/Phobos' })).toHaveLength(7);
});
