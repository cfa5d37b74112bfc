import { expect, test } from 'vitest';
import { orderedIds } from './ids.ts';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const START = Date.UTC(2026, 0, 1);
const timeIn = (id: string) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

test('ids of one millisecond sort as they were made, more than it can count too', () => {
  const next = orderedIds(() => START);
  const made = Array.from({ length: 10_000 }, next);
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
  expect(made.filter((id) => !V7.test(id))).toEqual([]);
  expect(made.map(timeIn).filter((at) => at === START)).toHaveLength(4_096);
  expect(timeIn(made.at(-1) ?? '')).toBe(START + 2);
});

test('a clock that steps back takes no id behind the last one, and one that goes on is followed', () => {
  let now = START;
  const next = orderedIds(() => now);
  const made = [next()];
  now -= 3_600_000;
  made.push(next(), next());
  now = START + 5;
  made.push(next());
  expect(made.toSorted()).toEqual(made);
  expect(made.map(timeIn)).toEqual([START, START, START, START + 5]);
});

test('what no clock tells is random', () => {
  const made = Array.from({ length: 100 }, () => orderedIds(() => START)());
  expect(new Set(made.map((id) => id.slice(18))).size).toBe(100);
});
