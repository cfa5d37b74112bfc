import { expect, test } from 'vitest';
import { nextRow, placeOf } from './next-row.ts';

// Two days with their entries: rows 0 and 4 are headings.
const opens = (index: number) => index !== 0 && index !== 4;
const from = (row: number) => (key: string) => nextRow(key, row, 30, opens);

test('arrows pass over headings and stop at the ends', () => {
  expect(from(3)('ArrowDown')).toBe(5);
  expect(from(5)('ArrowUp')).toBe(3);
  expect(from(1)('ArrowUp')).toBe(1);
  expect(from(29)('ArrowDown')).toBe(29);
});

test('Page keys pass ten rows, and end at an end', () => {
  expect(from(1)('PageDown')).toBe(11);
  expect(from(25)('PageDown')).toBe(29);
  expect(from(14)('PageUp')).toBe(3);
  expect(from(5)('PageUp')).toBe(1);
});

test('Home and End reach the first and the last row that opens', () => {
  expect(from(12)('Home')).toBe(1);
  expect(from(12)('End')).toBe(29);
});

test('other keys lead nowhere, nor does any where nothing opens', () => {
  expect(from(12)('a')).toBe(-1);
  expect(from(12)('Enter')).toBe(-1);
  expect(nextRow('Home', 0, 3, () => false)).toBe(-1);
  expect(nextRow('End', 0, 0, () => true)).toBe(-1);
});

test('a row is found where it went, and not where it is gone', () => {
  const rows = ['21 Nov', 9, 8, '20 Nov', 7, 6];
  const place = (key: string | number, stood: number, count = rows.length) =>
    placeOf(key, stood, count, (index) => rows[index]);
  expect(place(8, 2)).toBe(2);
  // One came before it, one left; far from either end, and from behind the end.
  expect([place(8, 1), place(8, 3), place(6, 0), place('21 Nov', 5), place(9, 40)]).toEqual([2, 2, 5, 0, 1]);
  expect([place(5, 2), place(6, 5, 5), place(9, 0, 0)]).toEqual([-1, -1, -1]);
});
