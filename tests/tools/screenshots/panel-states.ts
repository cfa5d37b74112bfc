// The states that the side panel is looked at in: a snapshot, the sections of its book, and what the server would say.
import type { Entry } from '../../../shared/account.ts';
import type { Cluster } from '../../../shared/clusters.ts';
import { type NoticeCode, NOTICES } from '../../../shared/notices.ts';
import { readSections, type SectionValues } from '../../../extension/view/sections.ts';
import type { Snapshot } from '../../../extension/view/snapshot.ts';
import { NOW, STATES } from './states.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (ms: number) => new Date(NOW + ms).toISOString();

export interface PanelState {
  snapshot: Snapshot;
  sections: SectionValues;
  /** Answers of the server by call; what is missing is answered as offline. */
  remote: Record<string, unknown>;
  /** Whether older pages of the history can be read. */
  pages: boolean;
}

const HASH = 'a3'.repeat(32);

function cluster(id: string, name: string, more: Partial<Cluster> = {}): Cluster {
  return {
    id,
    source: 'ledger',
    name,
    type: 'container',
    status: 'running',
    device: 'L40S',
    quantity: 1,
    hourly: '0.64',
    hours: 159,
    created_at: at(-152 * HOUR),
    started_at: at(-151.3 * HOUR),
    ends_at: at(7.7 * HOUR),
    ended_at: null,
    held: '0',
    paid: '101.76',
    served: '96.83',
    refunded: '0',
    refundable: '4.93',
    served_ms: 151.3 * HOUR,
    as_of: at(0),
    deadline: null,
    shortfall: null,
    reason: null,
    ...more,
  };
}

const NOT_BEGUN = { started_at: null, ends_at: null, paid: '0', served: '0', served_ms: 0, refundable: '0' };
const ended = (status: string, hours: number, paid: string): Partial<Cluster> => ({
  status,
  started_at: at(-3 * DAY - hours * HOUR),
  ends_at: at(-3 * DAY),
  ended_at: at(-3 * DAY),
  hours: Math.ceil(hours),
  served_ms: hours * HOUR,
  paid,
  served: paid,
  refundable: '0',
});

const CLUSTERS: Cluster[] = [
  cluster('c1', 'vllm-prod-eu'),
  cluster('c2', 'whisper-batch-nightly-de', {
    type: 'ray',
    device: 'RTX 4090',
    quantity: 2,
    hourly: '0.3',
    hours: 12,
    started_at: at(-6.4 * HOUR),
    ends_at: at(5.6 * HOUR),
    paid: '7.2',
  }),
  cluster('c3', 'GeForce RTX 3060 - general - io.net - Low Speed - Ray App - 91f2c303', {
    type: 'mega-ray',
    status: 'termination requested',
    device: 'RTX 3060',
    quantity: 4,
    hourly: '0.089',
    hours: 20,
    started_at: at(-12.2 * HOUR),
    ends_at: at(7.8 * HOUR),
    paid: '7.12',
  }),
  cluster('c4', 'sd-turbo-lora', {
    ...NOT_BEGUN,
    type: 'vm',
    status: 'deploying',
    device: 'A100',
    held: '12.1',
  }),
  cluster('c5', 'eval-matrix-2', {
    ...NOT_BEGUN,
    type: 'kubernetes',
    status: 'deployment requested',
    device: 'H200',
    quantity: 8,
  }),
  cluster('c7', 'embed-nightly', { ...ended('completed', 4, '1.2'), device: 'RTX 4090' }),
  cluster('c8', 'qwen-sft-run-14', {
    ...ended('failed', 0.3, '1.43'),
    refunded: '1.43',
    type: 'ray',
    device: 'A100',
    quantity: 4,
    reason: 'provider_failed',
  }),
  cluster('c9', 'notebook-jl', { ...ended('terminated', 12.8, '6.27'), type: 'vm', device: 'A6000' }),
  cluster('c10', 'ingest-probe', {
    status: 'hibernating',
    hours: 4,
    started_at: at(-2.1 * HOUR),
    ends_at: at(1.9 * HOUR),
    paid: '2.56',
  }),
];

/** The movements of two days, newest first: what, about what, how much. */
const MOVES: [hoursAgo: number, type: string, service: string, ref: string | undefined, amount: number][] = [
  [0.05, 'usage', 'caas', 'c1', -8.96],
  [0.06, 'usage', 'ray', 'c2', -3.84],
  [0.35, 'refund', 'caas', 'c7', 1.8],
  [4.4, 'usage', 'caas', 'c7', -3],
  [13.2, 'usage', 'inference', 'deepseek-ai/DeepSeek-R1-0528', -4],
  [22.8, 'purchase', 'credits', 'p0', 50],
  [26.7, 'withdrawal', 'credits', 'w0', -20],
  [27.1, 'refused', 'credits', undefined, 0],
  [27.5, 'usage', 'vm', 'c9', -6.27],
  [28.2, 'incentive', 'credits', 'g0', 5],
  ...Array.from({ length: 40 }, (_, index): [number, string, string, string, number] => [
    36 + index * 3.4,
    'usage',
    ['caas', 'ray', 'inference'][index % 3] ?? 'caas',
    ['c1', 'c2', 'meta-llama/Llama-3.3-70B-Instruct'][index % 3] ?? 'c1',
    -(2 + ((index * 37) % 50) / 10),
  ]),
];

function entriesOf(last: number, balance: number): Entry[] {
  let rest = Math.round(balance * 100);
  const newest = MOVES.map(([hours, type, service, ref, amount], index) => {
    const entry: Entry = {
      n: last - index,
      id: `0198a7f0-1111-7000-8000-${String(last - index).padStart(12, '0')}`,
      at: NOW - Math.round(hours * HOUR),
      service,
      type,
      amount: String(amount),
      balance: (rest / 100).toFixed(2),
      status: type === 'refused' ? 'refused' : 'completed',
      ...(ref !== undefined && { ref }),
      ...(type === 'refused' && { code: 'not_withdrawable' }),
    };
    rest -= Math.round(amount * 100);
    return entry;
  });
  return newest.toReversed();
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

const days = (scale: number) =>
  [24.1, 24.1, 29.84, 31.2, 27.66, 22.48, 30.02, 19.8].map((sum, index) => ({
    day: new Date(NOW - (7 - index) * DAY).toISOString().slice(0, 10),
    spent: {
      caas: (sum * 0.53 * scale).toFixed(2),
      ray: (sum * 0.32 * scale).toFixed(2),
      inference: (sum * 0.15 * scale).toFixed(2),
    },
    balance: (106.4 + (7 - index) * 9).toFixed(2),
  }));

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

const NORMAL: SectionValues = {
  head: { seq: 412, n: 10_482, hash: HASH },
  answers: [],
  credits: credits('normal'),
  recent: entriesOf(10_482, 106.4),
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
  spend: { as_of: at(-MINUTE), days: days(1) },
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
  head: { seq: 400_000, n: 100_000, hash: HASH },
  credits: credits('extreme'),
  recent: entriesOf(100_000, 184_402_117.53),
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
          quota: (Number(use.quota) * 2.43).toFixed(2),
          input_tokens: 987_654_321_000,
        })),
      }
    : null,
  notices: Array.from({ length: 50 }, (_, index) =>
    notice(index, 'deployment_failed', {
      name: `GeForce RTX 4090 - production - inference - eu-central - ${index}`,
    }),
  ),
  spend: { as_of: at(-MINUTE), days: days(48_211) },
  pending: taken('refused').pending.slice(0, 0),
};

const SERVER = {
  'GET /plans': {
    items: [
      {
        plan: 'standard',
        title: 'Standard',
        cycle: 'daily',
        allowance: '0.05',
        monthly_credits: null,
        discount_percent: 0,
        features: [],
      },
      {
        plan: 'professional',
        title: 'Professional',
        cycle: 'daily',
        allowance: '0.5',
        monthly_credits: '15',
        discount_percent: 0,
        features: [],
      },
      {
        plan: 'developer',
        title: 'Developer',
        cycle: '8h',
        allowance: '1.666666',
        monthly_credits: '150',
        discount_percent: 10,
        features: [],
      },
    ],
  },
  'GET /sessions': {
    items: [
      {
        id: 's1',
        device_name: 'Chrome on Linux',
        created_at: at(-9 * DAY),
        last_seen_at: at(-MINUTE),
        current: true,
      },
      {
        id: 's2',
        device_name: 'Edge on Windows',
        created_at: at(-40 * DAY),
        last_seen_at: at(-2 * DAY),
        current: false,
      },
    ],
  },
};

export const PANEL_STATES: Record<string, PanelState> = {
  empty: { snapshot: taken('empty'), sections: EMPTY, remote: SERVER, pages: true },
  normal: {
    snapshot: { ...taken('normal'), tasks_open: ['wallet_added'] },
    sections: NORMAL,
    remote: SERVER,
    pages: true,
  },
  extreme: { snapshot: taken('extreme'), sections: EXTREME, remote: SERVER, pages: true },
  offline: {
    snapshot: taken('offline'),
    sections: { ...NORMAL, pending: taken('offline').pending },
    remote: {},
    pages: false,
  },
  error: {
    snapshot: taken('refused'),
    sections: { ...NORMAL, credits: credits('refused'), pending: taken('refused').pending },
    remote: {},
    pages: false,
  },
};

for (const [name, { sections }] of Object.entries(PANEL_STATES)) {
  const read = readSections(sections);
  for (const [section, value] of Object.entries(sections)) {
    if (value !== null && Reflect.get(read, section) === null)
      throw new Error(`${name}: ${section} is no section.`);
  }
}
