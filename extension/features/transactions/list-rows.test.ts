import { expect, test } from 'vitest';
import type { Entry } from '../../../shared/account.ts';
import { dayAt, listRows } from './list-rows.ts';

const utc = { language: 'en', timezone: 'UTC' };
const entry = (n: number, time: string, amount: string): Entry => ({
  n,
  id: `e${n}`,
  at: Date.parse(time),
  service: 'vm',
  type: 'usage',
  amount,
  balance: '0',
  status: 'completed',
});
const entries = [
  entry(3, '2026-11-21T14:00:00Z', '-8.96'),
  entry(2, '2026-11-21T00:00:00Z', '1.80'),
  entry(1, '2026-11-20T23:59:59Z', '50'),
];

test('a day has the sum of its entries; the last one only when nothing older can follow', () => {
  const shown = (complete: boolean) =>
    listRows(utc)(entries, complete).map((row) => (row.kind === 'day' ? `${row.key} ${row.net}` : row.key));
  expect(shown(true)).toEqual(['2026-11-21 -7160000', 3, 2, '2026-11-20 50000000', 1]);
  expect(shown(false)).toEqual(['2026-11-21 -7160000', 3, 2, '2026-11-20 null', 1]);
});

test('days are those of the account', () => {
  const auckland = { language: 'en', timezone: 'Pacific/Auckland' };
  const days = listRows(auckland)(entries, true).filter(({ kind }) => kind === 'day');
  expect(days.map(({ key }) => key)).toEqual(['2026-11-22', '2026-11-21']);
});

test('a row belongs to the day above it, a day to itself', () => {
  const rows = listRows(utc)(entries, true);
  const days = rows.map((_, index) => dayAt(rows, index)?.key);
  expect(days).toEqual(['2026-11-21', '2026-11-21', '2026-11-21', '2026-11-20', '2026-11-20']);
  expect(dayAt([], 0)).toBeNull();
});

test('a day that is read in two parts has one heading, and its whole sum', () => {
  const rowsOf = listRows(utc);
  const half = rowsOf(entries.slice(0, 1), false);
  expect(half).toMatchObject([{ kind: 'day', net: null }, { key: 3 }]);
  expect(rowsOf(entries, true)).toEqual(listRows(utc)(entries, true));
  // What was drawn of the first part is the same object: its rows are kept.
  expect(rowsOf(entries, true)[1]).toBe(half[1]);
});

test('another filter with the same newest and oldest entry has its own rows and sums', () => {
  const rowsOf = listRows(utc);
  const [newest, oldest] = [entry(9, '2026-11-21T15:00:00Z', '4'), entry(0, '2026-11-20T00:00:00Z', '-1')];
  const [of3, of1] = [entries.slice(0, 1), entries.slice(2)];
  expect(rowsOf([newest, ...of3, oldest], true).map(({ key }) => key)).toEqual([
    '2026-11-21',
    9,
    3,
    '2026-11-20',
    0,
  ]);
  const rows = rowsOf([newest, ...of1, oldest], true);
  expect(rows).toMatchObject([{ net: 4_000_000n }, { key: 9 }, { net: 49_000_000n }, { key: 1 }, { key: 0 }]);
});
