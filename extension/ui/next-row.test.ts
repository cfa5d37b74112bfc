import { expect, test } from 'vitest';
import { nextRow } from './next-row.ts';

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
