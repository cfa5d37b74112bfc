// Snapshots of accounts as the worker would write them: an everyday one, an empty one, one in debt, one of everything at
// its largest.
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import { type Snapshot, SNAPSHOT_VERSION } from '../../../extension/view/snapshot.ts';
import { at, NOW } from './moment.ts';

export const CREDITS = {
  balance: '106.400113',
  available: '94.300113',
  held: '12.1',
  reserved: '0',
  debt: '0',
  restricted: '0',
  frozen: '0',
  withdrawable: '64.3',
  allowance: '10',
  state: 'active' as const,
  grace_until: null,
  next_change_at: null,
};

export const cluster = (
  id: string,
  name: string,
  more: Partial<Snapshot['clusters']['items'][number]> = {},
) => ({
  id,
  name,
  type: 'container',
  status: 'running',
  device: 'L40S',
  quantity: 1,
  hourly: '0.64',
  started_at: at(-151.3 * HOUR - MINUTE),
  ends_at: at(7.7 * HOUR),
  deadline: null,
  shortfall: null,
  ...more,
});

/** A week of spending with one top-up, one point per six hours. */
export function week(end: number, topUp: number, perStep: number) {
  return Array.from({ length: 29 }, (_, index) => {
    const left = 28 - index;
    const after = left <= 5 ? 0 : topUp;
    return { at: NOW - left * 6 * HOUR, value: end + left * perStep * (1 + (left % 3) / 9) - after };
  });
}

export const NORMAL: Snapshot = {
  version: SNAPSHOT_VERSION,
  account: {
    id: '0198a7f0-0000-7000-8000-000000000001',
    name: 'Mara Lindqvist',
    timezone: 'UTC',
    server: 'https://glance.example',
    device_name: 'Chrome on Linux',
  },
  connection: 'live',
  confirmed_at: NOW - 20_000,
  stale_at: NOW + 160_000,
  clock_offset: 0,
  seq: 412,
  credits: CREDITS,
  recent: [
    {
      n: 41,
      at: NOW - 2 * MINUTE,
      type: 'usage',
      service: 'caas',
      status: 'completed',
      amount: '-8.96',
      subject: 'vllm-prod-eu',
    },
    {
      n: 40,
      at: NOW - 3 * MINUTE,
      type: 'usage',
      service: 'ray',
      status: 'completed',
      amount: '-3.84',
      subject: 'whisper-batch-nightly-de',
    },
    {
      n: 39,
      at: NOW - 21 * MINUTE,
      type: 'refund',
      service: 'caas',
      status: 'completed',
      amount: '1.8',
      subject: 'embed-nightly',
    },
    {
      n: 38,
      at: NOW - 13 * HOUR,
      type: 'usage',
      service: 'inference',
      status: 'completed',
      amount: '-4',
      subject: 'deepseek-ai/DeepSeek-R1-0528',
    },
    { n: 37, at: NOW - 23 * HOUR, type: 'purchase', service: 'credits', status: 'completed', amount: '50' },
  ],
  pending: [],
  waiting: 0,
  plan: {
    title: 'Professional',
    cycle: 'daily',
    allowance: '15',
    used: '6.9',
    charged: '0',
    end: at(10 * HOUR + 58 * MINUTE),
    model_count: 3,
    models: [
      { model: 'meta-llama/Llama-3.3-70B-Instruct', cost: '4.05' },
      { model: 'deepseek-ai/DeepSeek-R1-0528', cost: '1.95' },
      { model: 'zai-org/GLM-4.6', cost: '0.9' },
    ],
  },
  clusters: {
    unpaid: 0,
    live: 3,
    stopping: 3,
    items: [
      cluster('c1', 'vllm-prod-eu'),
      cluster('c2', 'whisper-batch-nightly-de', {
        type: 'ray',
        device: 'RTX 4090',
        quantity: 2,
        hourly: '0.3',
        started_at: at(-6.4 * HOUR - MINUTE),
      }),
      cluster('c3', 'notebook-jl'),
    ],
  },
  notices: {
    unseen: 2,
    items: [
      { id: 'n1', code: 'refund_arrived', priority: 'success', created_at: at(-21 * MINUTE), subject: 'c9' },
    ],
  },
  tasks_open: ['wallet_added', 'alerts_set'],
  tasks_done: 4,
  terms_due: null,
  alerts: [],
  runway: { confidence: 'exact', ends_at: NOW + 76 * HOUR + 5 * MINUTE, per_hour: '1.24' },
  trend: week(106.4, 50, 3.1),
};

export const EMPTY: Snapshot = {
  ...NORMAL,
  seq: 3,
  credits: null,
  recent: [],
  plan: null,
  clusters: { unpaid: 0, live: 0, stopping: 0, items: [] },
  notices: { unseen: 0, items: [] },
  tasks_open: ['first_purchase', 'first_cluster', 'first_api_call', 'wallet_added', 'alerts_set'],
  tasks_done: 1,
  runway: null,
  trend: [],
};

export const GRACE: Snapshot = {
  ...NORMAL,
  credits: {
    ...CREDITS,
    balance: '-3.2',
    available: '-3.2',
    held: '0',
    debt: '3.2',
    withdrawable: '0',
    state: 'grace',
    grace_until: at(252_000),
    grace_since: at(-48_000),
  },
  clusters: { ...NORMAL.clusters, live: 2, stopping: 2, items: NORMAL.clusters.items.slice(0, 2) },
  notices: { ...NORMAL.notices, unseen: 1 },
  runway: { confidence: 'exact', ends_at: NOW, per_hour: '1.24' },
  trend: week(-3.2, 0, 1.9),
};

export const EXTREME: Snapshot = {
  ...NORMAL,
  account: { ...NORMAL.account, name: 'Maximiliane Oberhofer-Vandenberghe' },
  credits: {
    ...CREDITS,
    balance: '184402117.094321',
    available: '184311904.554321',
    held: '90212.54',
    withdrawable: '184000000',
  },
  recent: [
    {
      n: 10_482,
      at: NOW - MINUTE,
      type: 'usage',
      service: 'inference',
      status: 'completed',
      amount: '-12408.11',
      subject: 'meta-llama/Llama-3.3-70B-Instruct',
    },
    {
      n: 10_481,
      at: NOW - MINUTE,
      type: 'incentive',
      service: 'credits',
      status: 'completed',
      amount: '1000000',
      subject: 'Autumn research grant for universities',
    },
    {
      n: 10_480,
      at: NOW - 352 * DAY,
      type: 'withdrawal',
      service: 'credits',
      status: 'paid',
      amount: '-250000',
    },
  ],
  plan: {
    title: 'Developer',
    cycle: '8h',
    allowance: '150',
    used: '150',
    charged: '18',
    end: at(118 * MINUTE),
    model_count: 18,
    models: [{ model: 'openai/gpt-oss-120b', cost: '90' }],
  },
  clusters: {
    unpaid: 1,
    live: 299,
    stopping: 299,
    items: [
      cluster('x1', 'GeForce RTX 3060 - general - io.net - L…91f2c303', {
        device: 'H100',
        quantity: 512,
        hourly: '3.58625',
        started_at: at(-12_904.6 * HOUR - MINUTE),
        ends_at: at(900 * HOUR),
      }),
      cluster('x2', 'prod-inference-cluster-frankfurt-blue-g…canary-7', {
        status: 'termination requested',
        device: 'B300',
        quantity: 8,
        hourly: '7.9825',
        started_at: at(-0.2 * HOUR - MINUTE),
      }),
      cluster('x3', 'hibernating-one', { status: 'hibernating' }),
    ],
  },
  notices: { ...NORMAL.notices, unseen: 50 },
  runway: { confidence: 'average', ends_at: NOW + 836 * DAY, per_hour: '9184.22' },
  trend: week(184_402_117, 1_000_000, 220_000),
};
