import { expect, test } from 'vitest';
import type { Cluster } from '../../../shared/clusters.ts';
import { HOUR } from '../../../shared/time.ts';
import { type ClusterFilter, listClusters, rowOf } from './cluster-list.ts';

const NOW = Date.parse('2026-11-21T14:00:00.000Z');
const at = (hoursAgo: number) => new Date(NOW - hoursAgo * HOUR).toISOString();
const cluster = (name: string, more: Partial<Cluster>): Cluster => ({
  id: name,
  source: 'ledger',
  name,
  type: 'ray',
  status: 'running',
  device: 'L40S',
  quantity: 1,
  hourly: '0.64',
  hours: 24,
  created_at: at(20),
  started_at: at(10),
  ends_at: at(-14),
  ended_at: null,
  held: '0',
  paid: '15.36',
  served: '0',
  refunded: '0',
  refundable: '0',
  served_ms: 0,
  as_of: at(10),
  deadline: null,
  shortfall: null,
  reason: null,
  ...more,
});
const rows = [
  cluster('embed', {
    status: 'completed',
    started_at: null,
    ended_at: at(2),
    paid: '3',
    refunded: '1.8',
    type: 'container',
  }),
  cluster('vllm', {}),
  cluster('bench', { status: 'unpaid', started_at: null, ends_at: null, paid: '0', type: 'baremetal' }),
  cluster('probe', { status: 'hibernating', type: 'caas-like' }),
].map((one) => rowOf(one, NOW));
const ALL: ClusterFilter = { text: '', phase: '', type: '' };
const names = (
  filter: Partial<ClusterFilter>,
  by: 'name' | 'status' | 'cost' | 'hours',
  descending = false,
) => listClusters(rows, { ...ALL, ...filter }, { by, descending }).map(({ cluster: { name } }) => name);

test('a running one costs what it has served until now, an ended one what stayed paid', () => {
  expect(rows[1]).toMatchObject({ served_ms: 10 * HOUR, cost: 6_400_000n });
  expect(rows[0]).toMatchObject({ cost: 1_200_000n, phase: 'ended' });
});

test('by status: what runs, what nobody knows, what waits, what ended', () => {
  expect(names({}, 'status')).toEqual(['vllm', 'probe', 'bench', 'embed']);
  expect(names({}, 'status', true)).toEqual(['embed', 'bench', 'probe', 'vllm']);
});

test('filters by phase, type and any word of it', () => {
  expect(names({ phase: 'live' }, 'name')).toEqual(['probe', 'vllm']);
  expect(names({ type: 'container' }, 'name')).toEqual(['embed']);
  expect(names({ text: ' L40s ' }, 'name')).toHaveLength(4);
  expect(names({ text: 'unpaid' }, 'name')).toEqual(['bench']);
  expect(names({ text: 'qwen' }, 'name')).toEqual([]);
});

test('by cost and hours', () => {
  expect(names({}, 'cost', true)[0]).toBe('vllm');
  expect(names({}, 'hours').slice(0, 2)).toEqual(['embed', 'bench']);
});
