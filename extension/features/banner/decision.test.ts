import { expect, test } from 'vitest';
import type { SnapshotCluster, SnapshotCredits } from '../../view/snapshot.ts';
import { NOTHING } from '../../view/snapshot-schema.ts';
import { testCredits, testSnapshot } from '../../view/test-snapshot.ts';
import { decisionOf } from './decision.ts';

const NOW = Date.parse('2026-11-21T14:00:00Z');
const at = (ms: number) => new Date(NOW + ms).toISOString();
const credits = testCredits({
  balance: '-3.2',
  available: '-3.2',
  debt: '3.2',
  state: 'grace',
  grace_until: at(252_000),
});
const unpaid: SnapshotCluster = {
  id: 'c1',
  name: 'bench-b200',
  type: 'baremetal',
  status: 'unpaid',
  device: 'B200',
  quantity: 8,
  hourly: '4.99',
  started_at: null,
  ends_at: null,
  deadline: at(200_000),
  shortfall: '39.92',
};
const ALL = testSnapshot(NOW, {
  credits,
  clusters: { unpaid: 1, live: 5, stopping: 2, items: [unpaid] },
  pending: [
    { id: 'p'.repeat(16), kind: 'plan.choose', at: NOW, state: 'sent' },
    {
      id: 'q'.repeat(16),
      kind: 'deployment.extend',
      at: NOW,
      state: 'answered',
      code: 'insufficient_credits',
    },
  ],
  alerts: ['runway_hours'],
  runway: { confidence: 'exact', ends_at: NOW + 9e6, per_hour: '1.24' },
  terms_due: '2026-11',
});

test('one at a time, in order of what is lost by waiting', () => {
  const calm: SnapshotCredits = { ...credits, state: 'active', grace_until: null };
  expect(decisionOf(ALL, NOW)).toMatchObject({ kind: 'grace', clusters: 2, debt: 3_200_000n });
  expect(decisionOf({ ...ALL, credits: { ...calm, state: 'suspended' } }, NOW)?.kind).toBe('suspended');
  const paused: SnapshotCredits = { ...credits, state: 'suspended', grace_until: null };
  const debtOf = (suspended_for: 'unpaid' | 'chargeback') =>
    decisionOf({ ...ALL, credits: { ...paused, suspended_for } }, NOW);
  expect(debtOf('unpaid')).toEqual({ kind: 'suspended', debt: 3_200_000n });
  expect(debtOf('chargeback')).toEqual({ kind: 'suspended', debt: 0n });
  const refused = { ...ALL, credits: calm };
  expect(decisionOf(refused, NOW)).toMatchObject({ kind: 'refused', code: 'insufficient_credits' });
  const pays = { ...refused, pending: [] };
  expect(decisionOf(pays, NOW)).toMatchObject({ kind: 'unpaid', shortfall: 39_920_000n });
  const low = { ...pays, clusters: NOTHING.clusters };
  expect(decisionOf(low, NOW)).toEqual({ kind: 'low', ends_at: NOW + 9e6 });
  const terms = { ...low, alerts: ['plan_share'] };
  expect(decisionOf(terms, NOW)).toEqual({ kind: 'terms', version: '2026-11' });
  expect(decisionOf({ ...terms, terms_due: null }, NOW)).toBeNull();
});

test('a window of grace is as long as it is since it began', () => {
  const since = (grace_since: string) => ({ ...ALL, credits: { ...credits, grace_since } });
  expect(decisionOf(ALL, NOW)).toMatchObject({ window: null });
  expect(decisionOf(since(at(252_000 - 3_600_000)), NOW)).toMatchObject({ window: 3_600_000 });
  expect(decisionOf(since(at(300_000)), NOW)).toMatchObject({ window: null });
});

test('a window that is over asks nothing any more', () => {
  expect(decisionOf(ALL, NOW + 252_000)?.kind).toBe('refused');
  expect(decisionOf({ ...ALL, pending: [] }, NOW + 252_000)?.kind).toBe('low');
});
