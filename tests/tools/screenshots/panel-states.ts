// The states that the side panel is looked at in: a snapshot, the sections of its book, and what the server would say.
import { type NoticeCode, NOTICES } from '../../../shared/notices.ts';
import { type Spend, spendNow } from '../../../shared/spend.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import type { HistoryPage } from '../../../extension/replica/pages.ts';
import { readSections, type SectionValues } from '../../../extension/view/sections.ts';
import type { Snapshot } from '../../../extension/view/snapshot.ts';
import { at } from './moment.ts';
import { cluster, CLUSTERS } from './panel-clusters.ts';
import { lastPage } from './panel-history.ts';
import { entriesOf } from './panel-moves.ts';
import { SERVER } from './panel-server.ts';
import { STATES } from './states.ts';

export interface PanelState {
  snapshot: Snapshot;
  sections: SectionValues;
  /** Answers of the server by call; what is missing is answered as offline. */
  remote: Record<string, unknown>;
  /** Whether older pages of the history can be read. */
  pages: boolean;
  /** The history's end, sealed; null where it is not told. */
  last: HistoryPage | null;
}

function notice(index: number, code: NoticeCode, facts: Record<string, string | number>, seen = false) {
  return {
    id: `n${index}`,
    code,
    ...NOTICES[code],
    created_at: at(-index * 5.3 * HOUR),
    seen_at: seen ? at(-index * 5 * HOUR) : null,
    subject: null,
    facts,
  };
}

const taken = (name: string) => {
  const snapshot = STATES[name];
  if (!snapshot) throw new Error(`There is no state "${name}".`);
  return snapshot;
};

const WALLETS = [
  {
    id: 'w1',
    chain: 'solana' as const,
    address: '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa',
    primary: true,
    added_at: at(-90 * DAY),
  },
  {
    id: 'w2',
    chain: 'aptos' as const,
    address: '0x4f1b0c3e9a5d7281b6c4e0f3a2d59817c6b4e3f2a1d0987654321fedcba98765',
    primary: true,
    added_at: at(-2 * DAY),
  },
];

const credits = (name: string) => {
  const own = taken(name).credits;
  return own && { ...own, available_by_service: {}, expiring: [], seq: 412 };
};

// Days are summed from the entries, so that chart, line and list tell the same.
const NOTHING_SPENT: Spend = { as_of: at(-MINUTE), n: 0, days: [] };
const RECENT = entriesOf(10_482, 106.4);
const END = await lastPage(RECENT);
const RECENT_EXTREME = entriesOf(100_000, 184_402_117.09, 4_821.13);
const END_EXTREME = await lastPage(RECENT_EXTREME);

const NORMAL: SectionValues = {
  head: { seq: 412, n: 10_482, hash: END.hash },
  answers: [],
  credits: credits('normal'),
  recent: RECENT,
  purchases: [
    {
      id: 'p1',
      status: 'pending',
      method: 'usdc',
      credits: '25',
      fee: '0',
      total: '25',
      payment_url: 'https://glance.example/pay/p1',
      created_at: at(-4 * MINUTE),
    },
  ],
  withdrawals: [
    {
      id: 'w9',
      status: 'in_review',
      amount: '20',
      wallet_address: WALLETS[0]?.address ?? '',
      requested_at: at(-2 * DAY),
      due_by: at(7 * DAY),
      tx_url: null,
      reason: null,
    },
  ],
  profile: { name: 'Mara Lindqvist', timezone: 'UTC', wallets: WALLETS },
  plan: {
    plan: 'professional',
    title: 'Professional',
    next: null,
    next_at: null,
    cycle: 'daily',
    allowance: '15',
    used: '6.9',
    start: at(-13 * HOUR - 2 * MINUTE),
    end: at(10 * HOUR + 58 * MINUTE),
    models: [
      {
        model: 'meta-llama/Llama-3.3-70B-Instruct',
        input_tokens: 4_000_000,
        output_tokens: 1_100_000,
        cost: '4.05',
        quota: '4.05',
        charged: '0',
      },
      {
        model: 'deepseek-ai/DeepSeek-R1-0528',
        input_tokens: 900_000,
        output_tokens: 300_000,
        cost: '1.95',
        quota: '1.95',
        charged: '0',
      },
      {
        model: 'zai-org/GLM-4.6',
        input_tokens: 700_000,
        output_tokens: 100_000,
        cost: '0.9',
        quota: '0.9',
        charged: '0',
      },
    ],
  },
  clusters: CLUSTERS,
  notices: [
    notice(9, 'terms_updated', { version: '2026-11' }, true),
    notice(6, 'withdrawal_approved', { amount: '20' }, true),
    notice(5, 'promo_received', { amount: '5' }, true),
    notice(2, 'deployment_failed', { name: 'qwen-sft-run-14' }),
    notice(0, 'refund_arrived', { amount: '1.8' }),
  ],
  tasks: [
    { id: 'first_purchase', done_at: at(-DAY) },
    { id: 'first_cluster', done_at: at(-DAY) },
    { id: 'first_api_call', done_at: at(-DAY) },
    { id: 'wallet_added', done_at: null },
    { id: 'terms_accepted', done_at: null },
    { id: 'alerts_set', done_at: null },
  ],
  alerts: {
    thresholds: { balance: '10', runway_hours: 24, plan_share: null, spend_per_day: null },
    crossed: { balance: null, runway_hours: null, plan_share: null, spend_per_day: null },
  },
  terms: { version: '2026-11', published_at: at(-20 * DAY), accepted: '2026-11', accepted_at: at(-19 * DAY) },
  spend: spendNow(NOTHING_SPENT, RECENT),
  pending: [],
};

const EMPTY: SectionValues = {
  head: null,
  answers: [],
  credits: null,
  recent: [],
  purchases: [],
  withdrawals: [],
  profile: { name: 'Mara Lindqvist', timezone: 'UTC', wallets: [] },
  plan: null,
  clusters: [],
  notices: [],
  tasks: null,
  alerts: null,
  terms: { version: '2026-11', published_at: at(-20 * DAY), accepted: null, accepted_at: null },
  spend: null,
  pending: [],
};

const EXTREME: SectionValues = {
  ...NORMAL,
  head: { seq: 400_000, n: 100_000, hash: END_EXTREME.hash },
  credits: credits('extreme'),
  recent: RECENT_EXTREME,
  profile: {
    name: taken('extreme').account.name,
    timezone: 'UTC',
    wallets: Array.from({ length: 10 }, (_, index) => ({
      id: `w${index}`,
      chain: 'solana' as const,
      address: `${index}nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNf${index}`,
      primary: index === 0,
      added_at: at(-index * DAY),
    })),
  },
  clusters: Array.from({ length: 300 }, (_, index) =>
    cluster(
      `x${index}`,
      `GeForce RTX 4090 - production - inference - eu-central - ${String(index).padStart(8, '0')}`,
      {
        quantity: 1_024,
        device: 'NVIDIA H100 80GB HBM3',
        hourly: '28.69',
        hours: 8_784,
        paid: '258056847.36',
        ...(index % 4 === 0 && { status: 'termination requested', type: 'mega-ray' }),
      },
    ),
  ),
  plan: NORMAL.plan
    ? {
        ...NORMAL.plan,
        used: '16.8',
        models: NORMAL.plan.models.map((use) => ({
          ...use,
          cost: (Number(use.cost) * 2.4348).toFixed(2),
          quota: (Number(use.quota) * 2.4348).toFixed(2),
          input_tokens: 987_654_321_000,
        })),
      }
    : null,
  notices: Array.from({ length: 50 }, (_, index) =>
    notice(index, 'deployment_failed', {
      name: `GeForce RTX 4090 - production - inference - eu-central - ${String(index).padStart(8, '0')}`,
    }),
  ).toReversed(),
  spend: spendNow(NOTHING_SPENT, RECENT_EXTREME),
};

export const PANEL_STATES: Record<string, PanelState> = {
  empty: { snapshot: taken('empty'), sections: EMPTY, remote: SERVER, pages: true, last: null },
  normal: {
    snapshot: { ...taken('normal'), tasks_open: ['wallet_added'] },
    sections: NORMAL,
    remote: SERVER,
    pages: true,
    last: END.page,
  },
  extreme: {
    snapshot: taken('extreme'),
    sections: EXTREME,
    remote: SERVER,
    pages: true,
    last: END_EXTREME.page,
  },
  offline: {
    snapshot: taken('offline'),
    sections: { ...NORMAL, pending: taken('offline').pending },
    remote: {},
    pages: false,
    last: null,
  },
  error: {
    snapshot: taken('refused'),
    sections: { ...NORMAL, credits: credits('refused'), pending: taken('refused').pending },
    remote: {},
    pages: false,
    last: null,
  },
};

const UNPAID = cluster('c6', 'bench-b200', {
  type: 'baremetal',
  status: 'unpaid',
  device: 'B200',
  quantity: 8,
  hourly: '4.99',
  hours: 1,
  started_at: null,
  ends_at: null,
  paid: '0',
  served: '0',
  served_ms: 0,
  refundable: '0',
  deadline: at(201_000),
  shortfall: '39.92',
});
const moment = (snapshot: string, sections: Partial<SectionValues>): PanelState => ({
  snapshot: taken(snapshot),
  sections: { ...NORMAL, credits: credits(snapshot), ...sections },
  remote: SERVER,
  pages: true,
  last: END.page,
});

/** What passes, or is seldom: each changes a place or two. */
export const PANEL_TIMES: Record<string, PanelState> = {
  waiting: {
    snapshot: taken('waiting'),
    sections: { ...EMPTY, terms: null },
    remote: SERVER,
    pages: true,
    last: null,
  },
  grace: moment('grace', { purchases: [], withdrawals: [] }),
  unpaid: moment('unpaid', { clusters: [UNPAID, ...CLUSTERS] }),
  low: moment('low', {}),
  terms: moment('terms', {
    terms: {
      version: '2026-11',
      published_at: at(-2 * DAY),
      accepted: '2026-05',
      accepted_at: at(-190 * DAY),
    },
  }),
  'signed out': moment('signed out', {}),
  // Its entry says another amount than the one that is sealed.
  bent: moment('normal', {
    recent: RECENT.map((entry) => (entry.n === 10_482 ? { ...entry, amount: '-0.96' } : entry)),
  }),
};

for (const [name, { sections }] of Object.entries({ ...PANEL_STATES, ...PANEL_TIMES })) {
  const read = readSections(sections);
  for (const [section, value] of Object.entries(sections)) {
    if (value !== null && Reflect.get(read, section) === null)
      throw new Error(`${name}: ${section} is no section.`);
  }
}
