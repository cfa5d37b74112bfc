import { expect, test } from 'vitest';
import { momentsLocale } from '../../locales/moments.ts';
import type { Snapshot, SnapshotPending } from '../../view/snapshot.ts';
import { pendingWords } from './pending-words.ts';

const english = momentsLocale('en');
const clusters: Snapshot['clusters'] = {
  unpaid: 0,
  live: 1,
  stopping: 1,
  items: [
    {
      id: 'c1',
      name: 'vllm-prod-eu',
      type: 'container',
      status: 'running',
      device: 'L40S',
      quantity: 1,
      hourly: '0.64',
      started_at: null,
      ends_at: null,
      deadline: null,
      shortfall: null,
    },
  ],
};
const item = (kind: string, more: Partial<SnapshotPending> = {}): SnapshotPending => ({
  id: 'intent-0000000000',
  kind,
  at: 1,
  state: 'waiting',
  ...more,
});

test('an extension names its cluster and its price', () => {
  const words = pendingWords(item('deployment.extend', { subject: 'c1', hours: 24 }), clusters, english);
  expect(words).toEqual({
    title: 'Extend vllm-prod-eu by 24\u00a0h',
    amount: 15_360_000n,
    name: 'vllm-prod-eu',
  });
});

test('a cluster that is not at hand is still said, without a price', () => {
  const words = pendingWords(item('deployment.extend', { subject: 'c9', hours: 24 }), clusters, english);
  expect(words).toEqual({ title: 'Extend a cluster by 24\u00a0h', amount: null, name: null });
});

test('an amount is the one that was named; an unknown kind is a change', () => {
  expect(pendingWords(item('withdrawal.request', { amount: '20' }), clusters, english)).toMatchObject({
    title: 'Request withdrawal',
    amount: 20_000_000n,
  });
  expect(pendingWords(item('moon.land'), clusters, english).title).toBe('A change');
  expect(pendingWords(item('sent_title'), clusters, english).title).toBeTypeOf('string');
});
