import { expect, test } from 'vitest';
import { localeOfMessages } from '../../locales/test-messages.ts';
import { NOTIFY_TOPICS } from '../../view/preferences.ts';
import type { SnapshotPlan } from '../../view/snapshot.ts';
import { dueNotices } from './browser-notices.ts';

const NOW = Date.parse('2026-11-21T14:00:00Z');
const english = localeOfMessages('en');
const notice = (
  code: string,
  facts: Record<string, string | number>,
  more: Record<string, unknown> = {},
) => ({
  id: `n-${code}`,
  code,
  created_at: new Date(NOW).toISOString(),
  seen_at: null,
  subject: 'c1/x',
  facts,
  ...more,
});
const plan = (used: string, charged = '0'): SnapshotPlan => ({
  title: 'Professional',
  cycle: 'daily',
  allowance: '15',
  used,
  charged,
  end: '2026-11-22T00:00:00.000Z',
  model_count: 0,
  models: [],
});
const situation = {
  notices: [] as unknown[],
  plan: null as SnapshotPlan | null,
  timezone: 'UTC',
  topics: NOTIFY_TOPICS,
  told: [] as string[],
  since: NOW - 1,
  now: NOW,
};
const texts = (more: Partial<typeof situation>, locale = english) =>
  dueNotices({ ...situation, ...more }, locale).map(({ title, message, place }) => [title, message, place]);

test('facts are told as money, times and names', () => {
  const until = '2026-11-21T14:05:00.000Z';
  expect(texts({ notices: [notice('grace_started', { until, debt: '3.2' })] })).toEqual([
    ['Clusters stop at 14:05', 'The balance is $3.20 below zero. Top up to keep them.', '#billing/purchase'],
  ]);
  expect(texts({ notices: [notice('deployment_failed', { name: 'qwen', reason: 'x' })] })).toEqual([
    ['qwen failed', 'Open it to see why.', '#cloud/cluster/c1%2Fx'],
  ]);
  const german = texts({ notices: [notice('refund_arrived', { amount: '1.8' })] }, localeOfMessages('de'));
  expect(german[0]?.[0]).toBe('Erstattung von 1,80\u00a0$');
});

test('the plan is told of at 80 and at 100 percent, once in a period', () => {
  expect(texts({ plan: plan('11.9') })).toEqual([]);
  expect(texts({ plan: plan('12') })[0]?.[0]).toBe('80% of the plan used');
  expect(texts({ plan: plan('15', '0.1') })[0]?.[0]).toBe('The plan is used up');
  const told = ['plan-80 2026-11-22T00:00:00.000Z'];
  expect(texts({ plan: plan('13'), told })).toEqual([]);
  expect(texts({ plan: plan('15'), told })).toHaveLength(1);
  // The same threshold as an alert of the person's own is no second one.
  const alert = notice('alert_plan', { threshold: 80, value: 80 });
  expect(texts({ plan: plan('12'), notices: [alert] })).toHaveLength(1);
  expect(texts({ notices: [notice('alert_plan', { threshold: 50, value: 51 })] })[0]?.[0]).toBe(
    '51% of the plan used',
  );
});

test('history, unknown codes and junk are left out', () => {
  const old = notice('refund_arrived', { amount: '1' }, { created_at: new Date(NOW - 5).toISOString() });
  expect(
    texts({ notices: [old, notice('moon_landed', {}), notice('constructor', {}), null, { id: 1 }] }),
  ).toEqual([]);
});
