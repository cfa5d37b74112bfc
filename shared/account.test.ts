import { expect, test } from 'vitest';
import { Credits, Entry } from './account.ts';

const entry = {
  n: 1,
  id: 'e1',
  at: 1_767_225_600_000,
  service: 'credits',
  type: 'purchase',
  amount: '100',
  balance: '100',
  status: 'completed',
};

test('an entry keeps its optional fields and drops what it does not know', () => {
  expect(Entry.parse({ ...entry, intent: 'i1', later: true })).toEqual({ ...entry, intent: 'i1' });
});

test('amounts are texts with at most six decimals', () => {
  expect(Entry.safeParse({ ...entry, amount: 100 }).success).toBe(false);
  expect(Entry.safeParse({ ...entry, amount: '1.0000001' }).success).toBe(false);
});

test('credits refuse a state that no rule knows', () => {
  expect(Credits.safeParse({ state: 'rich' }).success).toBe(false);
});
