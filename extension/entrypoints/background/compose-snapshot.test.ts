import { expect, test } from 'vitest';
import * as v from 'valibot';
import type { Credits } from '../../../shared/account.ts';
import type { BookView } from '../../replica/book.ts';
import type { ReplicaView } from '../../replica/replica-view.ts';
import { Snapshot } from '../../view/snapshot-schema.ts';
import { composeSnapshot } from './compose-snapshot.ts';

const credits: Credits = {
  balance: '106.4',
  available: '94.3',
  available_by_service: { vm: '94.3' },
  held: '12.1',
  reserved: '0',
  debt: '0',
  restricted: '0',
  frozen: '0',
  withdrawable: '94.3',
  allowance: '10',
  state: 'active',
  grace_until: null,
  next_change_at: null,
  expiring: [],
  seq: 40,
};
const NOW = Date.parse('2026-11-21T14:00:30Z');
const entry = (n: number, at = n) => ({
  n,
  id: `e${n}`,
  at,
  service: 'vm',
  type: 'usage',
  amount: '-1',
  balance: '1',
  status: 'completed',
});
const sections: Record<string, unknown> = {
  credits,
  head: { seq: 41, n: 30, hash: '' },
  profile: { name: 'Mara Lindqvist', timezone: 'Europe/Berlin', wallets: [] },
};
const bookOf = (recent: unknown[], more: Record<string, unknown> = {}): BookView => ({
  section: (name) => ({ ...sections, ...more })[name] ?? null,
  recent: () => recent,
});
const book = bookOf(Array.from({ length: 30 }, (_, index) => entry(index + 1)));
const view = (more: Partial<ReplicaView> = {}): ReplicaView => ({
  server: 'https://glance.example',
  account_id: 'a',
  device_name: 'Laptop',
  connection: 'live',
  confirmed_at: 1_000,
  clock_offset: 5,
  book,
  pending: [],
  ...more,
});

test('a snapshot carries the last five entries, newest first, and passes its own check', () => {
  const snapshot = composeSnapshot(view(), null, 1, NOW);
  expect(snapshot.recent.map(({ n }) => n)).toEqual([30, 29, 28, 27, 26]);
  expect(snapshot).toMatchObject({ seq: 41, stale_at: 181_000, credits: { balance: '106.4', held: '12.1' } });
  expect(snapshot.account).toMatchObject({ name: 'Mara Lindqvist', timezone: 'Europe/Berlin' });
  expect(v.parse(Snapshot, snapshot)).toEqual(snapshot);
});

test('while a new replica is empty, the last numbers of the same account stay', () => {
  const shown = composeSnapshot(view(), null, 1, NOW);
  const healing = composeSnapshot(view({ book: null, connection: 'resting' }), shown, 1, NOW);
  expect(healing).toEqual({ ...shown, connection: 'resting' });
});

test('another account never inherits numbers', () => {
  const shown = composeSnapshot(view(), null, 1, NOW);
  const other = composeSnapshot(view({ account_id: 'b', book: null, confirmed_at: null }), shown, 1, NOW);
  expect(other).toMatchObject({ credits: null, recent: [], confirmed_at: null, stale_at: null });
  expect(other.account.name).toBe('');
});

test('an entry that no page could draw is left out', () => {
  const snapshot = composeSnapshot(view({ book: bookOf([entry(1), entry(2, 9e15)]) }), null, 1, NOW);
  expect(snapshot.recent.map(({ n }) => n)).toEqual([1]);
});

const cluster = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  source: 'ledger',
  name: `${id}-prod`,
  type: 'container',
  status: 'running',
  device: 'L40S',
  quantity: 1,
  hourly: '0.64',
  started_at: '2026-11-21T10:00:00.000Z',
  ends_at: '2026-11-21T14:00:00.000Z',
  ended_at: null,
  deadline: null,
  shortfall: null,
  ...more,
});

test('an entry says what it is about: a cluster by its id, a model by its name', () => {
  const entries = [
    { ...entry(1), ref: 'c1' },
    { ...entry(2), service: 'inference', ref: 'zai-org/GLM-4.6' },
    { ...entry(3), ref: 'elsewhere' },
  ];
  const clusters = [cluster('c1', { ended_at: '2026-11-20T00:00:00.000Z' })];
  const { recent } = composeSnapshot(view({ book: bookOf(entries, { clusters }) }), null, 1, NOW);
  expect(recent.map(({ subject }) => subject)).toEqual([undefined, 'zai-org/GLM-4.6', 'c1-prod']);
});

test('what a book leaves out reads as nothing: a cluster that waits, a notice that nobody saw', () => {
  const {
    source: _s,
    started_at: _a,
    ends_at: _b,
    ended_at: _e,
    deadline: _d,
    shortfall: _f,
    ...brief
  } = cluster('c1');
  const notice = { id: 'c412', code: 'grace_started', created_at: '2026-11-21T10:00:00.000Z', facts: {} };
  const book = bookOf([], { clusters: [brief], notices: [notice] });
  const { clusters, notices } = composeSnapshot(view({ book }), null, 1, NOW);
  expect(clusters).toMatchObject({ live: 1, items: [{ id: 'c1', ends_at: null, deadline: null }] });
  expect(notices).toMatchObject({ unseen: 1, items: [{ id: 'c412', priority: 'critical', subject: null }] });
});

test('the runway counts every live cluster of the ledger, and inference from its days', () => {
  const clusters = [cluster('c1'), cluster('c2'), cluster('c3', { source: 'ionet' })];
  const { runway } = composeSnapshot(view({ book: bookOf([], { clusters }) }), null, 1, NOW);
  expect(runway).toMatchObject({ confidence: 'exact', per_hour: '1.28' });
  expect(((runway?.ends_at ?? 0) - (NOW + 5)) / 3_600_000).toBeCloseTo(94.3 / 1.28, 1);
  const spend = { days: [{ day: '2026-11-21', spent: { inference: '2' }, balance: '1' }] };
  const early = composeSnapshot(view({ book: bookOf([], { clusters, spend }) }), null, 1, NOW);
  expect(early.runway?.confidence).toBe('gathering');
});

test('a plan tells what went beyond it, and how many models there are', () => {
  const model = (charged: string) => ({ model: 'm', cost: '3', quota: '1', charged, input_tokens: 1 });
  const plan = {
    title: 'Developer',
    cycle: '8h',
    allowance: '150',
    used: '150',
    end: '2026-11-21T16:00:00.000Z',
    models: [model('10'), model('8'), model('0'), model('0'), model('junk')],
  };
  const snapshot = composeSnapshot(view({ book: bookOf([], { plan }) }), null, 1, NOW);
  expect(snapshot.plan).toMatchObject({ charged: '18', model_count: 5 });
  expect(snapshot.plan?.models).toHaveLength(3);
  expect(v.parse(Snapshot, snapshot)).toEqual(snapshot);
});

test('a name that is too long keeps its end', () => {
  const name = 'GeForce RTX 3060 - general - io.net - Low Speed - Ray App - 91f2c303';
  const clusters = [cluster('c1', { name })];
  const { items } = composeSnapshot(view({ book: bookOf([], { clusters }) }), null, 1, NOW).clusters;
  expect(items[0]?.name).toBe('GeForce RTX 3060 - general - io.net - L…91f2c303');
});

test('a suspension stops what this ledger runs: no other source’s, none that is unpaid or being stopped', () => {
  const clusters = [
    cluster('own'),
    cluster('new', { status: 'deploying', started_at: null, ends_at: null }),
    cluster('other', { source: 'ionet' }),
    cluster('another', { source: 'ionet' }),
    cluster('ending', { status: 'termination requested' }),
    cluster('waits', { status: 'unpaid', deadline: '2026-11-21T14:05:00.000Z', shortfall: '1' }),
  ];
  const snapshot = composeSnapshot(view({ book: bookOf([], { clusters }) }), null, 1, NOW);
  expect(snapshot.clusters).toMatchObject({ unpaid: 1, live: 5, stopping: 2 });
});

test('a window of grace is as long as its notice says', () => {
  const until = '2026-11-21T14:30:00.000Z';
  const grace = { ...credits, state: 'grace', grace_until: until };
  const notice = (created_at: string, facts: Record<string, string>) => ({
    id: created_at,
    code: 'grace_started',
    created_at,
    facts,
  });
  const notices = [
    notice('2026-11-20T10:00:00.000Z', { until: '2026-11-20T10:05:00.000Z' }),
    { ...notice('2026-11-21T13:30:00.000Z', { until }), seen_at: '2026-11-21T13:31:00.000Z' },
  ];
  const book = bookOf([], { credits: grace, notices });
  const since = (more: Record<string, unknown>) =>
    composeSnapshot(view({ book: bookOf([], { credits: grace, notices, ...more }) }), null, 1, NOW).credits
      ?.grace_since;
  expect(v.parse(Snapshot, composeSnapshot(view({ book }), null, 1, NOW)).credits?.grace_since).toBe(
    '2026-11-21T13:30:00.000Z',
  );
  expect(since({ notices: [] })).toBeUndefined();
  expect(since({ credits: { ...grace, state: 'active', grace_until: null } })).toBeUndefined();
});

test('credit for one service counts for what it pays, in the runway and in the record', () => {
  const vm = { ...credits, available: '0', available_by_service: { vm: '64', k8s: '0' }, restricted: '64' };
  const clusters = [cluster('c1', { type: 'vm' })];
  const snapshot = composeSnapshot(view({ book: bookOf([], { credits: vm, clusters }) }), null, 1, NOW);
  expect(snapshot.credits?.by_service).toEqual({ vm: '64' });
  expect(((snapshot.runway?.ends_at ?? 0) - (NOW + 5)) / 3_600_000).toBeCloseTo(100, 1);
  expect(v.parse(Snapshot, snapshot)).toEqual(snapshot);
});

test('what no runway can be worked out from is left out, and stops nothing', () => {
  const bent = { ...credits, expiring: [{ amount: '5', at: 'soon' }] };
  const clusters = [cluster('c1', { quantity: 1.5 }), cluster('c2')];
  const snapshot = composeSnapshot(view({ book: bookOf([], { credits: bent, clusters }) }), null, 1, NOW);
  const sound = composeSnapshot(view({ book: bookOf([], { clusters: [cluster('c2')] }) }), null, 1, NOW);
  expect(snapshot.runway).toEqual(sound.runway);
  expect(sound.runway?.ends_at).not.toBeNull();
});

test('what the days of the book do not tell yet comes from its last entries', () => {
  const spend = { n: 1, days: [{ day: '2026-11-20', spent: { inference: '20' }, balance: '9' }, 'junk'] };
  const use = { ...entry(2, NOW), service: 'inference', amount: '-18.01', ref: 'm' };
  const { runway } = composeSnapshot(view({ book: bookOf([use], { spend }) }), null, 1, NOW);
  // 38.01 credits in 38 hours and a bit.
  expect(Number(runway?.per_hour)).toBeCloseTo(1, 2);
});

test('of the clusters those stand first that a proposal is about; what has not begun ends last', () => {
  const clusters = [
    cluster('new', { status: 'deploying', started_at: null, ends_at: null }),
    cluster('late', { ends_at: '2026-11-24T14:00:00.000Z' }),
    cluster('soon', { ends_at: '2026-11-21T15:00:00.000Z' }),
    cluster('later', { ends_at: '2026-11-25T14:00:00.000Z' }),
  ];
  const book = bookOf([], { clusters });
  const shown = (pending: ReplicaView['pending']) =>
    composeSnapshot(view({ book, pending }), null, 1, NOW).clusters.items.map(({ id }) => id);
  expect(shown([])).toEqual(['soon', 'late', 'later']);
  const intent = { id: 'i1', kind: 'deployment.extend', at: NOW, body: { id: 'new', hours: 24 } };
  expect(shown([{ intent, state: 'waiting' }])).toEqual(['new', 'soon', 'late']);
});
