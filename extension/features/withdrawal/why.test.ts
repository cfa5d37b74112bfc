import { expect, test } from 'vitest';
import type { SnapshotCredits } from '../../view/snapshot.ts';
import { testCredits } from '../../view/test-snapshot.ts';
import { whyLines } from './why.ts';

const credits = testCredits({ balance: '142.1', available: '130', held: '12.1', withdrawable: '100' });

test('what was not purchased stays, and what is held', () => {
  expect(whyLines(credits).parts).toEqual([
    { key: 'balance.part.held', micros: -12_100_000n },
    { key: 'withdrawal.granted', micros: -30_000_000n },
  ]);
});

test('on a suspended account purchased credit stays because of that', () => {
  const suspended: SnapshotCredits = { ...credits, state: 'suspended', withdrawable: '0' };
  expect(whyLines(suspended).parts.at(-1)).toEqual({ key: 'withdrawal.suspended', micros: -130_000_000n });
  const closed: SnapshotCredits = { ...suspended, state: 'closed' };
  expect(whyLines(closed).parts.at(-1)?.key).toBe('withdrawal.closed');
});

test('a debt stands beside the parts, whatever is held', () => {
  const debt: SnapshotCredits = {
    ...credits,
    state: 'grace',
    balance: '8.9',
    available: '-3.2',
    debt: '3.2',
    withdrawable: '0',
  };
  expect(whyLines(debt)).toEqual({
    parts: [{ key: 'balance.part.held', micros: -12_100_000n }],
    owed: 3_200_000n,
  });
});

test('the lines add up in whole cents', () => {
  const odd = { ...credits, balance: '142.118', held: '12.109', withdrawable: '100.009' };
  expect(whyLines(odd).parts.at(-1)).toEqual({ key: 'withdrawal.granted', micros: -30_010_000n });
});
