import { expect, test } from 'vitest';
import { localeOfMessages } from '../../locales/test-messages.ts';
import { NOTIFY_TOPICS } from '../../view/preferences.ts';
import type { Snapshot, SnapshotPlan } from '../../view/snapshot.ts';
import { NOTHING } from '../../view/snapshot-schema.ts';
import { testCredits, testSnapshot } from '../../view/test-snapshot.ts';
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
const DAY = 86_400_000;
const at = (ms: number) => new Date(NOW + ms).toISOString();
const snapshot = testSnapshot(NOW);
const credits = testCredits({
  balance: '-3.2',
  available: '-3.2',
  debt: '3.2',
  state: 'grace',
  grace_until: at(300_000),
});
const situation = {
  notices: [] as unknown[],
  snapshot,
  topics: NOTIFY_TOPICS,
  told: [] as string[],
  since: NOW - 7 * DAY,
  now: NOW,
};
const texts = (
  { stands, ...more }: Partial<typeof situation> & { stands?: Partial<Snapshot> },
  locale = english,
) =>
  dueNotices({ ...situation, snapshot: { ...snapshot, ...stands }, ...more }, locale).map(
    ({ title, message, place }) => [title, message, place],
  );
const titles = (...args: Parameters<typeof texts>) => texts(...args).map(([title]) => title);

test('facts are told as money, times and names', () => {
  const until = '2026-11-21T14:05:00.000Z';
  const grace = notice('grace_started', { until, debt: '3' });
  expect(texts({ notices: [grace], stands: { credits } })).toEqual([
    ['Clusters stop at 14:05', 'The balance is $3.20 below zero. Top up to keep them.', '#billing/purchase'],
  ]);
  expect(texts({ notices: [notice('deployment_failed', { name: 'qwen', reason: 'x' })] })).toEqual([
    ['qwen failed', 'Open it to see why.', '#cloud/cluster/c1%2Fx'],
  ]);
  const german = texts({ notices: [notice('refund_arrived', { amount: '1.8' })] }, localeOfMessages('de'));
  expect(german[0]?.[0]).toBe('Erstattung von 1,80\u00a0$');
});

test('the plan is told of at 80 and at 100 percent, once in a period', () => {
  const at = (used: string, charged?: string) => ({ plan: plan(used, charged) });
  expect(texts({ stands: at('11.9') })).toEqual([]);
  expect(titles({ stands: at('12.1') })).toEqual(['80% of the plan used']);
  expect(titles({ stands: at('15', '0.1') })).toEqual(['The plan is used up']);
  const told = ['plan-80 a 2026-11-22T00:00:00.000Z'];
  expect(texts({ stands: at('13'), told })).toEqual([]);
  expect(texts({ stands: at('15'), told })).toHaveLength(1);
  // The same threshold as an alert of the person's own is no second one.
  const alert = notice('alert_plan', { threshold: 80, value: 80 });
  expect(texts({ stands: { ...at('12'), alerts: ['plan_share'] }, notices: [alert] })).toHaveLength(1);
  const half = notice('alert_plan', { threshold: 50, value: 51.27 });
  expect(titles({ notices: [half], stands: { alerts: ['plan_share'] } })).toEqual(['51% of the plan used']);
});

test('an alert is told while it is crossed, the last of each kind, with the figures of now', () => {
  const later = { id: 'n2' };
  const low = notice('alert_balance', { threshold: '5', value: '4' });
  expect(texts({ notices: [low] })).toEqual([]);
  const stands = { alerts: ['balance'], credits: { ...credits, available: '2.5' } };
  expect(texts({ notices: [low, { ...low, ...later }], stands })).toEqual([
    ['Credits are low', '$2.50 available.', '#billing/purchase'],
  ]);
  const runway = (ends_at: number) => ({
    alerts: ['runway_hours'],
    runway: { confidence: 'exact' as const, ends_at, per_hour: '1' },
  });
  const soon = notice('alert_runway', { threshold: 480, ends_at: at(DAY) });
  const message = (ends_at: number) => texts({ notices: [soon], stands: runway(ends_at) })[0]?.[1];
  expect(message(NOW + 19 * DAY)).toBe('About Dec 10, if everything goes on as it does.');
  expect(message(NOW + 2 * DAY)).toBe('About Mon 14:00, if everything goes on as it does.');
  // Ten minutes past midnight is tonight.
  expect(message(NOW + DAY / 2 - 6_600_000)).toBe('About 00:10, if everything goes on as it does.');
});

test('what was paid or is over in the meantime is not called for', () => {
  const grace = notice('grace_started', { until: at(300_000 - 2 * DAY), debt: '3.2' });
  expect(texts({ notices: [grace], stands: { credits } })).toEqual([]);
  const open = notice('grace_started', { until: at(300_000), debt: '3.2' });
  expect(texts({ notices: [open], stands: { credits: { ...credits, state: 'active' } } })).toEqual([]);
  const paused = notice('account_suspended', { debt: '3.2' });
  expect(texts({ notices: [paused], stands: { credits } })).toEqual([]);
  expect(texts({ notices: [paused], stands: { credits: { ...credits, state: 'suspended' } } })).toHaveLength(
    1,
  );
});

test('who is suspended for a debt is told what to pay, after a chargeback whom to ask', () => {
  const suspended = (reason: string) =>
    dueNotices(
      {
        ...situation,
        notices: [notice('account_suspended', { reason, debt: '3.2' })],
        snapshot: { ...snapshot, credits: { ...credits, state: 'suspended' } },
      },
      english,
    );
  expect(suspended('unpaid')).toMatchObject([{ message: '$3.20 are owed.', place: '#billing/purchase' }]);
  expect(suspended('chargeback')).toMatchObject([
    { message: 'A payment was charged back: only IO Finance can lift this.', place: '#notifications' },
  ]);
});

test('a deployment asks to be paid until its deadline, and while it is unpaid', () => {
  const cluster = {
    id: 'c1/x',
    name: 'bench',
    type: 'vm',
    status: 'unpaid',
    device: 'H100',
    quantity: 1,
    hourly: '2',
    started_at: null,
    ends_at: null,
    deadline: at(60_000),
    shortfall: '3',
  };
  const stands = (items: Snapshot['clusters']['items'], unpaid = items.length) => ({
    clusters: { ...NOTHING.clusters, unpaid, items },
  });
  const unpaid = notice('deployment_unpaid', { name: 'bench', shortfall: '3', deadline: at(60_000) });
  const late = notice('deployment_unpaid', { name: 'bench', shortfall: '3', deadline: at(-2 * DAY) });
  expect(titles({ notices: [unpaid], stands: stands([cluster]) })).toEqual(['bench waits for payment']);
  expect(titles({ notices: [late], stands: stands([cluster]) })).toEqual([]);
  const paid = { ...cluster, status: 'running', deadline: null, shortfall: null };
  expect(titles({ notices: [unpaid], stands: stands([paid], 0) })).toEqual([]);
  // It may be one of those that did not fit.
  expect(titles({ notices: [unpaid], stands: stands([{ ...cluster, id: 'o' }], 2) })).toHaveLength(1);
});

test('history, unknown codes and junk are left out', () => {
  const old = notice('refund_arrived', { amount: '1' }, { created_at: at(-8 * DAY) });
  expect(
    texts({ notices: [old, notice('moon_landed', {}), notice('constructor', {}), null, { id: 1 }] }),
  ).toEqual([]);
});
