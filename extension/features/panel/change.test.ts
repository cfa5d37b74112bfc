import { expect, test } from 'vitest';
import type { SnapshotPending } from '../../view/snapshot.ts';
import { earlierOf, outcomeOf, waitingOf } from './change.ts';

const pending = [
  { id: 'a', kind: 'deployment.end', at: 1, state: 'waiting' as const, subject: 'c1' },
  { id: 'b', kind: 'deployment.end', at: 2, state: 'answered' as const, subject: 'c2', code: 'not_found' },
];
const answers = [
  { intent: 'c', seq: 4 },
  { intent: 'd', seq: 5, code: 'insufficient_credits' },
];

test('an outcome is what the device keeps, else what the book answers, else unknown', () => {
  expect(outcomeOf('a', pending, answers)).toEqual({ state: 'waiting' });
  expect(outcomeOf('b', pending, answers)).toEqual({ state: 'refused', code: 'not_found' });
  expect(outcomeOf('c', pending, answers)).toEqual({ state: 'settled' });
  expect(outcomeOf('d', pending, answers)).toEqual({ state: 'refused', code: 'insufficient_credits' });
  expect(outcomeOf('e', pending, answers)).toBeNull();
});

test('only what has no answer waits, and only about its subject', () => {
  expect(waitingOf(pending, 'deployment.end')).toHaveLength(1);
  expect(waitingOf(pending, 'deployment.end', 'c2')).toEqual([]);
  expect(waitingOf(pending, 'plan.choose')).toEqual([]);
});

test('an earlier visit is told by what waits, else by what was refused, of this subject', () => {
  const item = (id: string, state: SnapshotPending['state'], more: Partial<SnapshotPending> = {}) => ({
    id,
    kind: 'deployment.extend' as const,
    at: 0,
    state,
    ...more,
  });
  const refused = item('a', 'answered', { code: 'insufficient_credits', subject: 'c1' });
  const waits = item('b', 'waiting', { subject: 'c2' });
  const pending = [item('c', 'answered'), refused, waits];
  expect(earlierOf(pending, 'deployment.extend')?.id).toBe('b');
  expect(earlierOf(pending, 'deployment.extend', 'c1')?.id).toBe('a');
  expect(earlierOf(pending, 'deployment.extend', 'c3')).toBeUndefined();
  expect(earlierOf(pending, 'plan.choose')).toBeUndefined();
});
