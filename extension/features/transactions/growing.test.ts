import fc from 'fast-check';
import { expect, test } from 'vitest';
import { growing } from './growing.ts';

const evens = () =>
  growing<number, number[]>(
    () => [],
    (before, items) => {
      const more = items.filter((item) => item % 2 === 0);
      return more.length === 0 ? before : [...before, ...more];
    },
  );

test('each item is looked at once, and a result stays itself while nothing is added to it', () => {
  const looked: number[] = [];
  const of = growing<number, number>(
    () => 0,
    (before, items) => {
      looked.push(...items);
      return before + items.length;
    },
  );
  expect([of([1, 2]), of([1, 2, 3]), of([1, 2, 3])]).toEqual([2, 3, 3]);
  expect(looked).toEqual([1, 2, 3]);
  const found = evens();
  expect(found([2, 3])).toBe(found([2, 3, 5]));
});

test('a history that is read on, told anew or cut short is told as if it were the first', () => {
  // Numbers without a gap from the newest down, as a history has them.
  const history = fc
    .record({ newest: fc.integer({ min: 1, max: 12 }), read: fc.nat(12) })
    .map(({ newest, read }) => Array.from({ length: Math.min(newest, read) }, (_, index) => newest - index));
  fc.assert(
    fc.property(fc.array(history, { maxLength: 8 }), (histories) => {
      const of = evens();
      for (const list of histories) expect(of(list)).toEqual(evens()(list));
    }),
  );
});

test('so is one of which a filter leaves any part', () => {
  const filtered = fc.subarray([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  fc.assert(
    fc.property(fc.array(filtered, { maxLength: 8 }), (lists) => {
      const of = evens();
      for (const list of lists) expect(of(list)).toEqual(evens()(list));
    }),
  );
});

test('a list with the ends of the one before and another middle begins anew', () => {
  const of = growing<number, readonly number[]>(
    () => [],
    (before, items) => [...before, ...items],
  );
  expect(of([10, 9, 5])).toEqual([10, 9, 5]);
  expect(of([10, 8, 5])).toEqual([10, 8, 5]);
  expect(of([10, 9, 5, 4])).toEqual([10, 9, 5, 4]);
});
