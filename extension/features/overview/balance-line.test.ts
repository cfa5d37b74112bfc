import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../../shared/time.ts';
import { balanceLine } from './balance-line.ts';

const now = Date.parse('2026-11-21T14:00:00.000Z');
const entry = (at: number, type: string, amount: string, balance: string) => ({
  n: 1,
  id: 'e',
  at,
  service: 'vm',
  type,
  amount,
  balance,
  status: 'completed',
});

test('days on which nothing moved keep the balance of the day before', () => {
  const spend = {
    as_of: '2026-11-21T14:00:00.000Z',
    days: [
      { day: '2026-11-15', spent: {}, balance: '100' },
      { day: '2026-11-18', spent: {}, balance: '60' },
    ],
  };
  const { points } = balanceLine({ balance: '50', spend, recent: [] }, now);
  const valueAt = (day: string) => points.findLast(({ at }) => at < Date.parse(day))?.value;
  expect(valueAt('2026-11-17T23:00:00Z')).toBe(10_000);
  expect(valueAt('2026-11-20')).toBe(6_000);
  expect(points.at(-1)).toEqual({ at: now, value: 5_000 });
});

test('entries are finer than days, and a top-up is named where it is in', () => {
  const recent = [entry(now - 2 * DAY, 'purchase', '50', '50'), entry(now - 12 * HOUR, 'usage', '-8', '42')];
  const { points, tops } = balanceLine({ balance: '42', spend: null, recent }, now);
  expect(points[0]).toEqual({ at: now - 2 * DAY, value: 5_000 });
  expect(points.map(({ value }) => value)).toContain(4_200);
  expect(tops).toEqual([{ index: 0, amount: 50_000_000n }]);
});

test('an account without entries has no line; one that was just funded has two points at least', () => {
  expect(balanceLine({ balance: '0', spend: null, recent: [] }, now).points).toEqual([]);
  const recent = [entry(now - 1, 'purchase', '5', '5')];
  expect(balanceLine({ balance: '5', spend: null, recent }, now).points).toEqual([{ at: now, value: 500 }]);
});
