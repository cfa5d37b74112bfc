import { expect, test } from 'vitest';
import { type Cluster, clusterAt, phaseOf } from './clusters.ts';
import { HOUR, MINUTE, toRfc3339 } from './time.ts';

const START = Date.parse('2026-11-21T00:00:00.000Z');
const cluster = (more: Partial<Cluster> = {}): Cluster => ({
  id: 'd1',
  source: 'ledger',
  name: 'vllm-prod-eu',
  type: 'vm',
  status: 'running',
  device: 'H100',
  quantity: 2,
  hourly: '2.5',
  hours: 3,
  created_at: toRfc3339(START),
  started_at: toRfc3339(START),
  ends_at: toRfc3339(START + 3 * HOUR),
  ended_at: null,
  held: '0',
  paid: '15',
  served: '0',
  refunded: '0',
  refundable: '10',
  served_ms: 0,
  as_of: toRfc3339(START),
  deadline: null,
  shortfall: null,
  reason: null,
  ...more,
});

test.each([
  { at: 30 * MINUTE, served: '2.5', refundable: '10', left: 2.5 },
  { at: 72 * MINUTE, served: '6', refundable: '9', left: 1.8 },
  { at: 4 * HOUR, served: '15', refundable: '0', left: 0 },
])('figures of a VM after $at ms', ({ at, served, refundable, left }) => {
  expect(clusterAt(cluster(), START + at)).toEqual({
    served_ms: Math.min(at, 3 * HOUR),
    served,
    refundable,
    left_ms: left * HOUR,
  });
});

test('what has not started, has been stopped, or is another’s does not grow', () => {
  const none = { served_ms: 0, served: '0', refundable: '10', left_ms: 0 };
  expect(clusterAt(cluster({ started_at: null, ends_at: null }), START + HOUR)).toEqual(none);
  expect(clusterAt(cluster({ source: 'ionet', ends_at: null }), START + HOUR)).toEqual(none);
  // Ended by its owner after an hour: ten came back, and it waits for its provider.
  const stopped = cluster({
    status: 'termination requested',
    ends_at: toRfc3339(START + HOUR),
    refunded: '10',
  });
  expect(clusterAt(stopped, START + 2 * HOUR)).toEqual({
    served_ms: HOUR,
    served: '5',
    refundable: '0',
    left_ms: 0,
  });
});

test('every status has its phase, an unknown one is live until it ended', () => {
  const phase = (status: string, ended_at: string | null = null) => phaseOf({ status, ended_at });
  expect(['unpaid', 'deployment requested', 'deploying'].map((status) => phase(status))).toEqual(
    Array.from({ length: 3 }, () => 'pending'),
  );
  expect(['running', 'termination requested', 'hibernating'].map((status) => phase(status))).toEqual(
    Array.from({ length: 3 }, () => 'live'),
  );
  expect(['completed', 'failed', 'terminated', 'destroyed'].map((status) => phase(status))).toEqual(
    Array.from({ length: 4 }, () => 'ended'),
  );
  expect(phase('hibernating', toRfc3339(START))).toBe('ended');
});
