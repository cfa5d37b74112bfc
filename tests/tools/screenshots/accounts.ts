// The accounts that every surface is looked at with: each is one book, so that what its parts say agrees.
import { spendNow } from '../../../shared/spend.ts';
import { DAY, HOUR, MINUTE, type Ms } from '../../../shared/time.ts';
import type { Connection } from '../../../extension/replica/replica-view.ts';
import type { SectionValues } from '../../../extension/view/sections.ts';
import type { SnapshotPending } from '../../../extension/view/snapshot-schema.ts';
import { CREDITS, EMPTY, NORMAL, notice, NOTHING_SPENT, tasks } from './book.ts';
import { EXTREME } from './book-extreme.ts';
import { at, NOW } from './moment.ts';
import { cluster, CLUSTERS } from './panel-clusters.ts';
import { entriesOf, type Move, MOVES } from './panel-moves.ts';

export interface Account {
  sections: SectionValues;
  connection: Connection;
  /** When the server last confirmed it; null for a device that has not been told of its book yet. */
  confirmed_at: Ms | null;
}

const live = (sections: SectionValues): Account => ({
  sections,
  connection: 'live',
  confirmed_at: NOW - 20_000,
});
const intent = (suffix: string) => `0198a7f0-0000-7000-8000-${suffix.padStart(12, '0')}`;

/** A book that came to this balance with small purchases, without a withdrawal that waits. */
function poor(balance: string, moves = MOVES): SectionValues {
  const recent = entriesOf(10_482, Number(balance), {
    moves: moves.map(([hours, type, service, ref, amount]): Move => [
      hours,
      type,
      service,
      ref,
      type === 'purchase' ? 10 : amount,
    ]),
  });
  return { ...NORMAL, recent, spend: spendNow(NOTHING_SPENT, recent), purchases: [], withdrawals: [] };
}
/** Nothing is held: what waited for its cluster has begun, or does not come. */
const BEGUN = CLUSTERS.filter(({ held }) => held === '0');
const crossed = (since: string) => ({
  ...NORMAL.alerts,
  crossed: { ...NORMAL.alerts.crossed, balance: since, runway_hours: since },
});
const NO_ALERTS = {
  tasks: tasks(['alerts_set']),
  alerts: {
    ...NORMAL.alerts,
    thresholds: { ...NORMAL.alerts.thresholds, balance: null, runway_hours: null },
  },
};

const GRACE: SectionValues = {
  ...poor('-3.2'),
  credits: {
    ...CREDITS,
    balance: '-3.2',
    available: '-3.2',
    held: '0',
    reserved: '0',
    debt: '3.2',
    withdrawable: '0',
    state: 'grace',
    grace_until: at(252_000),
  },
  clusters: BEGUN,
  notices: [notice(1, 48_000 / HOUR, 'grace_started', { until: at(252_000), debt: '3.2' })],
  alerts: crossed(at(-5 * HOUR)),
};

const WAITING: SnapshotPending[] = [
  {
    id: intent('1'),
    kind: 'deployment.extend',
    at: NOW - 46 * MINUTE,
    state: 'waiting',
    subject: 'c1',
    hours: 24,
  },
  { id: intent('2'), kind: 'withdrawal.request', at: NOW - 50 * MINUTE, state: 'waiting', amount: '20' },
  { id: intent('3'), kind: 'profile.set', at: NOW - 50 * MINUTE, state: 'waiting' },
];

const REFUSED: SectionValues = {
  ...poor('15.36'),
  ...NO_ALERTS,
  credits: { ...CREDITS, balance: '15.36', available: '3.26', reserved: '0', withdrawable: '3.26' },
  pending: [
    {
      id: intent('4'),
      kind: 'deployment.extend',
      at: NOW - MINUTE,
      state: 'answered',
      subject: 'c1',
      hours: 24,
      code: 'insufficient_credits',
    },
  ],
};

// It costs 39.92 and 11.36 are available.
const UNPAID: SectionValues = {
  ...poor('23.46'),
  ...NO_ALERTS,
  credits: { ...CREDITS, balance: '23.46', available: '11.36', reserved: '0', withdrawable: '6.36' },
  clusters: [
    cluster('c6', 'bench-b200', {
      type: 'baremetal',
      status: 'unpaid',
      device: 'B200',
      quantity: 8,
      hourly: '4.99',
      hours: 1,
      created_at: at(-99_000),
      started_at: null,
      ends_at: null,
      paid: '0',
      served: '0',
      served_ms: 0,
      refundable: '0',
      deadline: at(201_000),
      shortfall: '28.56',
    }),
    ...CLUSTERS,
  ],
};

const LOW: SectionValues = {
  ...poor('3.26'),
  credits: { ...CREDITS, balance: '3.26', available: '3.26', held: '0', reserved: '0', withdrawable: '0' },
  clusters: BEGUN,
  alerts: crossed(at(-5 * HOUR)),
  plan: {
    ...NORMAL.plan,
    used: '0.42',
    models: [
      {
        model: 'openai/gpt-oss-120b',
        input_tokens: 1_200_000,
        output_tokens: 600_000,
        cost: '0.42',
        quota: '0.42',
        charged: '0',
      },
    ],
  },
};

/** Inference began some hours ago: no average can be told of it yet. */
const BEGINNING = [
  ...MOVES.filter(([, , service]) => service !== 'inference'),
  [1.5, 'usage', 'inference', 'zai-org/GLM-4.6', -0.4] satisfies Move,
].toSorted(([a], [b]) => a - b);
const TERMS: SectionValues = {
  ...poor('114.300113', BEGINNING),
  credits: { ...CREDITS, balance: '114.300113', available: '102.200113', reserved: '0' },
  terms: {
    version: '2026-11',
    published_at: at(-2 * DAY),
    accepted: '2026-05',
    accepted_at: at(-190 * DAY),
  },
};

/** By the name of the state. */
export const ACCOUNTS: Record<string, Account> = {
  waiting: {
    sections: { ...EMPTY, profile: null, tasks: null, terms: null },
    connection: 'live',
    confirmed_at: null,
  },
  empty: live(EMPTY),
  normal: live(NORMAL),
  extreme: live(EXTREME),
  grace: live(GRACE),
  offline: { ...live({ ...NORMAL, pending: WAITING }), connection: 'offline' },
  refused: live(REFUSED),
  unpaid: live(UNPAID),
  low: live(LOW),
  terms: live(TERMS),
  'signed out': { ...live(NORMAL), connection: 'signed_out' },
};
