// The book of an everyday account, and of a new one: every picture of a state is taken of one book.
import { type NoticeCode, NOTICES } from '../../../shared/notices.ts';
import { type Spend, spendNow } from '../../../shared/spend.ts';
import { TASKS, type TaskId } from '../../../shared/tasks.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import type { SectionValues } from '../../../extension/view/sections.ts';
import { at } from './moment.ts';
import { CLUSTERS } from './panel-clusters.ts';
import { lastPage } from './panel-history.ts';
import { entriesOf } from './panel-moves.ts';

export function notice(
  id: number,
  hoursAgo: number,
  code: NoticeCode,
  facts: Record<string, string | number>,
  seen = false,
) {
  return {
    id: `n${id}`,
    code,
    ...NOTICES[code],
    created_at: at(-hoursAgo * HOUR),
    seen_at: seen ? at(-hoursAgo * HOUR + 20 * MINUTE) : null,
    subject: null,
    facts,
  };
}

export const tasks = (open: readonly TaskId[]) =>
  TASKS.map((id) => ({ id, done_at: open.includes(id) ? null : at(-80 * DAY) }));

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

// Days are summed from the entries, so that chart, line and list tell the same.
export const NOTHING_SPENT: Spend = { as_of: at(-MINUTE), n: 0, days: [] };
export const RECENT = entriesOf(10_482, 126.400113);
export const END = await lastPage(RECENT);

/** What is held is what the two clusters will cost that do not run yet; what is reserved, the withdrawal in review. */
export const CREDITS = {
  balance: '126.400113',
  available: '94.300113',
  available_by_service: {},
  held: '12.1',
  reserved: '20',
  debt: '0',
  restricted: '0',
  frozen: '0',
  withdrawable: '64.3',
  allowance: '10',
  state: 'active' as const,
  grace_until: null,
  next_change_at: null,
  expiring: [],
  seq: 412,
};

export const NORMAL = {
  head: { seq: 412, n: 10_482, hash: END.hash },
  answers: [],
  credits: CREDITS,
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
  // A day's share of the monthly $15 that the server's list of plans tells.
  plan: {
    plan: 'professional',
    title: 'Professional',
    next: null,
    next_at: null,
    cycle: 'daily',
    allowance: '0.5',
    used: '0.23',
    start: '2026-11-21T00:00:00.000Z',
    end: '2026-11-22T00:00:00.000Z',
    models: [
      {
        model: 'meta-llama/Llama-3.3-70B-Instruct',
        input_tokens: 420_000,
        output_tokens: 201_000,
        cost: '0.135',
        quota: '0.135',
        charged: '0',
      },
      {
        model: 'deepseek-ai/DeepSeek-R1-0528',
        input_tokens: 10_200,
        output_tokens: 5_100,
        cost: '0.065',
        quota: '0.065',
        charged: '0',
      },
      {
        model: 'zai-org/GLM-4.6',
        input_tokens: 31_000,
        output_tokens: 10_100,
        cost: '0.03',
        quota: '0.03',
        charged: '0',
      },
    ],
  },
  clusters: CLUSTERS,
  notices: [
    notice(9, 480, 'terms_updated', { version: '2026-11' }, true),
    notice(6, 31.8, 'withdrawal_approved', { amount: '20' }, true),
    notice(5, 28.2, 'promo_received', { amount: '5' }, true),
    notice(2, 10.6, 'deployment_failed', { name: 'qwen-sft-run-14' }),
    notice(1, 0.35, 'refund_arrived', { amount: '1.8' }),
  ],
  tasks: tasks([]),
  alerts: {
    thresholds: { balance: '10', runway_hours: 24, plan_share: null, spend_per_day: null },
    crossed: { balance: null, runway_hours: null, plan_share: null, spend_per_day: null },
  },
  terms: { version: '2026-11', published_at: at(-20 * DAY), accepted: '2026-11', accepted_at: at(-19 * DAY) },
  spend: spendNow(NOTHING_SPENT, RECENT),
  pending: [],
} satisfies SectionValues;

/** Signed up, terms accepted, and nothing else yet. */
export const EMPTY: SectionValues = {
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
  tasks: tasks(TASKS.filter((id) => id !== 'terms_accepted')),
  alerts: null,
  terms: { version: '2026-11', published_at: at(-20 * DAY), accepted: '2026-11', accepted_at: at(-MINUTE) },
  spend: null,
  pending: [],
};
