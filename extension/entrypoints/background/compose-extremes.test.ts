// The largest account there can be still gives a snapshot under 8 kB that a page can read whole.
import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { Cluster } from '../../../shared/clusters.ts';
import type { Notice } from '../../../shared/notices.ts';
import type { Plan } from '../../../shared/plan.ts';
import type { Spend } from '../../../shared/spend.ts';
import { TASKS } from '../../../shared/tasks.ts';
import type { Pending } from '../../replica/proposal-store.ts';
import { Snapshot } from '../../view/snapshot-schema.ts';
import { composeSnapshot } from './compose-snapshot.ts';

const NOW = Date.parse('2026-11-21T14:02:30Z');
const WIDE = '-123456789012.123456';
const RATE = '999999999999.999999';
const AT = '2026-11-21T14:02:30.000Z';
const text = (length: number) => 'W'.repeat(length);
const id = (n: number) => `${text(56)}${String(n).padStart(8, '0')}`;

const cluster = (n: number): Cluster => ({
  id: id(n),
  source: 'ledger',
  name: text(200),
  type: text(64),
  status: n % 2 === 0 ? 'running' : 'unpaid',
  device: text(100),
  quantity: 4096,
  hourly: RATE,
  hours: 8784,
  created_at: AT,
  started_at: AT,
  ends_at: `2026-12-${String((n % 28) + 1).padStart(2, '0')}T00:00:00.000Z`,
  ended_at: null,
  held: RATE,
  paid: RATE,
  served: RATE,
  refunded: RATE,
  refundable: RATE,
  served_ms: 1e12,
  as_of: AT,
  deadline: n % 2 === 0 ? null : AT,
  shortfall: n % 2 === 0 ? null : RATE,
  reason: text(200),
});
const notice = (n: number): Notice => ({
  id: id(n),
  code: 'purchase_charged_back',
  topic: text(32),
  priority: 'critical',
  created_at: AT,
  seen_at: null,
  subject: id(n),
  facts: { amount: WIDE },
});
const model = (n: number): Plan['models'][number] => ({
  model: `${n}${text(120)}`,
  input_tokens: Number.MAX_SAFE_INTEGER,
  output_tokens: Number.MAX_SAFE_INTEGER,
  cost: RATE,
  quota: RATE,
  charged: RATE,
});
const plan: Plan = {
  plan: text(64),
  title: text(64),
  next: text(64),
  next_at: AT,
  cycle: 'monthly',
  allowance: RATE,
  used: RATE,
  start: AT,
  end: AT,
  models: Array.from({ length: 21 }, (_, n) => model(n)),
};
const spend: Spend = {
  as_of: AT,
  days: Array.from({ length: 8 }, (_, n) => ({
    day: `2026-11-${14 + n}`,
    spent: { vm: RATE, inference: RATE },
    balance: WIDE,
  })),
};
const amounts = Object.fromEntries(
  [
    'balance',
    'available',
    'held',
    'reserved',
    'debt',
    'restricted',
    'frozen',
    'withdrawable',
    'allowance',
  ].map((name) => [name, WIDE]),
);
const sections: Record<string, unknown> = {
  credits: { ...amounts, state: 'grace', grace_until: AT, next_change_at: AT },
  head: { seq: Number.MAX_SAFE_INTEGER, n: 1, hash: '' },
  profile: { name: text(200), timezone: text(64), wallets: [] },
  clusters: Array.from({ length: 300 }, (_, n) => cluster(n)),
  notices: Array.from({ length: 50 }, (_, n) => notice(n)),
  plan,
  spend,
  tasks: TASKS.map((task) => ({ id: task, done_at: null })),
  terms: { version: text(64), published_at: AT, accepted: null, accepted_at: null },
  alerts: { crossed: { balance: AT, runway_hours: AT, plan_share: AT, spend_per_day: AT } },
};
const entry = (n: number) => ({
  n: Number.MAX_SAFE_INTEGER - n,
  id: id(n),
  at: 8.64e15,
  service: text(32),
  type: text(32),
  amount: WIDE,
  balance: WIDE,
  status: text(32),
  ref: id(n),
  code: text(64),
});
const pending = (n: number): Pending => ({
  intent: {
    id: id(n),
    kind: 'withdrawal.request',
    at: NOW + n,
    body: { amount: WIDE, id: id(n), hours: 8784, wallet_address: text(128) },
  },
  state: n < 3 ? 'answered' : 'waiting',
  ...(n < 3 && { code: text(64) }),
});

const snapshot = composeSnapshot(
  {
    server: `https://${text(248)}`,
    account_id: id(1),
    device_name: text(64),
    connection: 'live',
    confirmed_at: NOW,
    clock_offset: -123_456,
    book: {
      section: (name) => sections[name] ?? null,
      recent: () => Array.from({ length: 50 }, (_, n) => entry(n)),
    },
    pending: Array.from({ length: 300 }, (_, n) => pending(n)),
  },
  null,
  1,
  NOW,
);

test('it is under 8 kB, and passes its own check', () => {
  expect(v.parse(Snapshot, snapshot)).toEqual(snapshot);
  expect(Buffer.byteLength(JSON.stringify(snapshot))).toBeLessThan(8_000);
});

test('what is cut is still counted', () => {
  expect(snapshot).toMatchObject({
    seq: Number.MAX_SAFE_INTEGER,
    waiting: 297,
    clusters: { unpaid: 150, live: 150 },
    notices: { unseen: 50 },
    alerts: ['balance', 'runway_hours', 'plan_share', 'spend_per_day'],
  });
  expect(snapshot.account.name).toBe(`${text(39)}…${text(8)}`);
  expect(snapshot.clusters.items.map(({ deadline }) => deadline)).toEqual([AT, AT, AT]);
  expect(snapshot.pending.map(({ at, state }) => [at - NOW, state])).toEqual([
    [299, 'waiting'],
    [298, 'waiting'],
    [297, 'waiting'],
    [296, 'waiting'],
  ]);
});
