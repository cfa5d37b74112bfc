// Every named way to break the core can still be applied; that each is noticed is shown by `npm run soak -- --part mutants`.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTATIONS } from './mutations.ts';

test('there are many, each with a name of its own', () => {
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(15);
  expect(new Set(MUTATIONS.map(({ name }) => name)).size).toBe(MUTATIONS.length);
});

test.for(MUTATIONS)('$name', ({ file, from, to }) => {
  expect(to).not.toBe(from);
  expect(readFileSync(file, 'utf8').split(from), 'stands exactly once').toHaveLength(2);
});
