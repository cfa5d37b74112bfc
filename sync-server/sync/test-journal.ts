// For the tests of books: journals as busy accounts write them, with sections as small and as full as they get.
import type { Answer, Credits, Entry, Purchase, Withdrawal } from '../../shared/account.ts';
import type { Cluster } from '../../shared/clusters.ts';
import type { Notice } from '../../shared/notices.ts';
import { MAX_MODELS } from '../../shared/plan.ts';
import type { Profile } from '../../shared/profile.ts';
import { SPEND_DAYS } from '../../shared/spend.ts';
import { TASKS } from '../../shared/tasks.ts';
import { briefCluster, briefNotice, briefPurchase, briefWithdrawal } from '../ledger/brief.ts';
import { MAX_OPEN_DEPLOYMENTS } from '../ledger/deployments.ts';
import type { JournalRow, Patch } from '../ledger/journal.ts';
import { MAX_OPEN_WITHDRAWALS } from '../ledger/withdrawals.ts';
import { KEEP_OPEN } from './lanes.ts';

export const HEX = '0123456789abcdef'.repeat(4);

export function credits(seq: number): Credits {
  const balance = `${1000 + seq}.123456`;
  return {
    balance,
    available: balance,
    available_by_service: {
      vm: balance,
      ray: balance,
      caas: balance,
      baremetal: balance,
      k8s: balance,
      inference: balance,
    },
    held: '12.5',
    reserved: '0',
    debt: '0',
    restricted: '3.25',
    frozen: '0',
    withdrawable: balance,
    allowance: '10',
    state: 'active',
    grace_until: null,
    next_change_at: '2026-02-01T00:00:00.000Z',
    expiring: [{ amount: '3.25', at: '2026-02-01T00:00:00.000Z' }],
    seq,
  };
}

export function entry(n: number): Entry {
  return {
    n,
    id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    at: 1_767_225_600_000 + n,
    service: 'inference',
    type: 'usage',
    amount: '-0.012345',
    balance: `${1000 + n}.123456`,
    status: 'posted',
    ref: `c:01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  };
}

export function purchase(id: number, status: Purchase['status']): Purchase {
  return {
    id: `01900000-0000-7000-9000-${String(id).padStart(12, '0')}`,
    status,
    method: 'card',
    credits: '100',
    fee: '3',
    total: '103',
    payment_url:
      status === 'created' || status === 'pending'
        ? `https://glance.example.com/pay/01900000-0000-7000-9000-${String(id).padStart(12, '0')}`
        : null,
    created_at: '2026-01-01T00:00:00.000Z',
  };
}

export function withdrawal(id: number, status: Withdrawal['status']): Withdrawal {
  return {
    id: `01900000-0000-7000-a000-${String(id).padStart(12, '0')}`,
    status,
    amount: '25',
    wallet_address: '0x52908400098527886E0F7030069857D2E4169EE7',
    requested_at: '2026-01-01T00:00:00.000Z',
    due_by: '2026-01-12T00:00:00.000Z',
    tx_url: status === 'paid' ? `https://solscan.io/tx/${'5VERv8NMvzbJMEkV8xnrLk'.repeat(4)}` : null,
    reason: null,
  };
}

export function cluster(id: number, ended: boolean): Cluster {
  return {
    id: `01900000-0000-7000-b000-${String(id).padStart(12, '0')}`,
    source: 'ledger',
    name: `vllm-prod-eu-${id}`,
    type: 'container',
    status: ended ? 'terminated' : 'running',
    device: 'L40S',
    quantity: 2,
    hourly: '0.64',
    hours: 159,
    created_at: '2026-01-01T00:00:00.000Z',
    started_at: '2026-01-01T00:05:00.000Z',
    ends_at: ended ? '2026-01-02T00:05:00.000Z' : '2026-01-07T15:05:00.000Z',
    ended_at: ended ? '2026-01-02T00:05:00.000Z' : null,
    held: '0',
    paid: '203.52',
    served: ended ? '30.72' : '0',
    refunded: ended ? '172.8' : '0',
    refundable: ended ? '0' : '203.52',
    served_ms: ended ? 86_400_000 : 0,
    as_of: '2026-01-01T00:05:00.000Z',
    deadline: null,
    shortfall: null,
    reason: null,
  };
}

export function notice(id: number): Notice {
  return {
    id: `e${10_000 + id}`,
    code: 'refund_arrived',
    topic: 'credits',
    priority: 'success',
    created_at: '2026-01-01T00:00:00.000Z',
    seen_at: null,
    subject: `01900000-0000-7000-b000-${String(id).padStart(12, '0')}`,
    facts: { amount: '1.8' },
  };
}

/** The sections that are one small value each. */
export function small(seq: number): Patch {
  const at = '2026-01-01T00:00:00.000Z';
  const none = { balance: null, runway_hours: null, plan_share: null, spend_per_day: null };
  return {
    plan: {
      plan: 'professional',
      title: 'Professional',
      next: null,
      next_at: null,
      cycle: 'daily',
      allowance: '15',
      used: `${seq % 15}`,
      start: at,
      end: at,
      models: [],
    },
    tasks: [{ id: 'first_purchase', done_at: at }],
    alerts: { thresholds: none, crossed: none },
    terms: { version: '1', published_at: at, accepted: null, accepted_at: null },
    sources: { ionet: null },
    spend: { as_of: at, days: [{ day: '2026-01-01', spent: { vm: `${seq}` }, balance: '1' }] },
  };
}

export function wallets(address: string): Profile['wallets'] {
  return Array.from({ length: 11 }, (_, index) => ({
    id: `01900000-0000-7000-d000-${String(index).padStart(12, '0')}`,
    chain: 'solana',
    address,
    primary: index === 0,
    added_at: '2026-01-01T00:00:00.000Z',
  }));
}

/** The sections that are one value each, as full as they get. */
export function full(seq: number, model = 'meta-llama/Llama-3.3-70B-Instruct'): Patch {
  const at = '2026-01-01T00:00:00.000Z';
  const models = Array.from({ length: MAX_MODELS + 1 }, () => ({
    model,
    input_tokens: 1_234_567,
    output_tokens: 234_567,
    cost: '1.234567',
    quota: '1.234567',
    charged: '0',
  }));
  const spent = { vm: '12.345678', ray: '12.345678', caas: '1.234567', inference: '1.234567' };
  const days = Array.from({ length: SPEND_DAYS }, () => ({
    day: '2026-01-01',
    spent,
    balance: '1000.123456',
  }));
  const { plan, ...rest } = small(seq);
  return {
    ...rest,
    ...(plan && { plan: { ...plan, models } }),
    profile: {
      name: 'Ada Lovelace',
      timezone: 'Europe/Berlin',
      wallets: wallets('7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV'),
    },
    tasks: TASKS.map((id) => ({ id, done_at: at })),
    sources: {
      ionet: {
        state: 'connected',
        since: at,
        connected_at: at,
        as_of: at,
        missing: [],
        key: { used: '12.5', limit: '100', remaining: '87.5', cycle: 'monthly' },
        keys: {
          keys: 4,
          today: '1.234567',
          all_time: '1234.5',
          models: models.slice(0, 10).map(({ quota: _quota, charged: _charged, ...used }) => used),
        },
      },
    },
    spend: { as_of: at, days },
    credits: { ...credits(seq), expiring: Array.from({ length: 10 }, () => ({ amount: '3.25', at })) },
  };
}

/** Rows as a busy account writes them: usage mostly, purchases that settle, answered proposals, a renamed profile. */
export function journal(count: number, kindOf: (index: number) => number): JournalRow[] {
  const rows: JournalRow[] = [];
  let n = 0;
  for (let index = 0; index < count; index += 1) {
    const seq = index + 1;
    const patch: Patch = { credits: credits(seq) };
    const kind = kindOf(index);
    if (kind === 0) patch.profile = { name: `Ada ${seq}`, timezone: 'Europe/Berlin', wallets: [] };
    if (kind === 1) patch.purchases = briefPurchase(purchase(seq, 'created'));
    if (kind === 2) patch.purchases = briefPurchase(purchase(Math.max(1, seq - 1), 'settled'));
    if (kind === 3) patch.answers = answer(seq);
    if (kind === 4) patch.withdrawals = briefWithdrawal(withdrawal(seq, 'requested'));
    if (kind === 5) patch.withdrawals = briefWithdrawal(withdrawal(seq - 1, 'paid'));
    if (kind === 6) patch.clusters = briefCluster(cluster(seq, index >= 32));
    if (kind === 7) patch.notices = briefNotice(notice(seq));
    if (kind === 0) Object.assign(patch, small(seq));
    if (kind >= 2) patch.recent = entry((n += 1));
    rows.push({ account: 'a', seq, at: 1_767_225_600_000 + seq, patch, n, hash: HEX, private_digest: null });
  }
  return rows;
}

export function answer(seq: number): Answer {
  return {
    intent: `01900000-0000-7000-e000-${String(seq).padStart(12, '0')}`,
    seq,
    code: 'insufficient_credits',
  };
}

/** Rows that fill every list: all that may be open, and more that has ended than a book keeps. */
export function crowd(more: (patch: Patch) => void = () => undefined): JournalRow[] {
  const patches: Patch[] = [];
  const repeat = (count: number, patch: (id: number) => Patch) => {
    for (let id = 0; id < count; id += 1) patches.push(patch(id));
  };
  repeat(KEEP_OPEN.purchases + 10, (id) => ({ purchases: briefPurchase(purchase(id, 'pending')) }));
  repeat(MAX_OPEN_WITHDRAWALS, (id) => ({ withdrawals: briefWithdrawal(withdrawal(id, 'requested')) }));
  repeat(MAX_OPEN_DEPLOYMENTS, (id) => ({ clusters: briefCluster(cluster(id, false)) }));
  repeat(200, (id) => ({
    recent: entry(id + 1),
    answers: answer(id),
    purchases: briefPurchase(purchase(1_000 + id, 'settled')),
    withdrawals: briefWithdrawal(withdrawal(1_000 + id, 'paid')),
    clusters: briefCluster(cluster(1_000 + id, true)),
    notices: briefNotice(notice(id)),
  }));
  repeat(200, (id) => ({
    notices: briefNotice({ ...notice(id), seen_at: '2026-01-01T00:00:00.000Z' }),
  }));
  patches.push(full(1_000));
  let n = 0;
  return patches.map((patch, index) => {
    more(patch);
    n += patch.recent ? 1 : 0;
    return { account: 'a', seq: index + 1, at: 0, patch, n, hash: HEX, private_digest: null };
  });
}
