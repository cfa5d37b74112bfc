import { expect, test } from 'vitest';
import { readSections } from './sections.ts';

const head = { seq: 3, n: 2, hash: 'ab' };
const pending = [{ id: 'i'.repeat(36), kind: 'plan.choose', at: 1, state: 'waiting' }];

test('what a port brings is read section by section', () => {
  expect(readSections({ head, pending, recent: [] })).toEqual({ head, pending, recent: [] });
});

test('a section of another shape is none, and spoils no other', () => {
  expect(readSections({ head, credits: { balance: 12 }, pending: [{ id: 7 }], plan: null })).toEqual({
    head,
    credits: null,
    pending: null,
    plan: null,
  });
});

test('what is no section of ours is left out', () => {
  expect(readSections({ constructor: 1, surprise: [] })).toEqual({});
  expect(readSections('text')).toEqual({});
  expect(readSections(null)).toEqual({});
});
