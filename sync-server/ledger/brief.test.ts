import { expect, test } from 'vitest';
import { Purchase, Withdrawal } from '../../shared/account.ts';
import { Cluster } from '../../shared/clusters.ts';
import { Notice, NOTICES } from '../../shared/notices.ts';
import { HOUR, toRfc3339 } from '../../shared/time.ts';
import { briefCluster, briefNotice, briefPurchase, briefWithdrawal } from './brief.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const at = (hours: number) => toRfc3339(START + hours * HOUR);

const running: Cluster = {
  id: 'd1',
  source: 'ledger',
  name: 'vllm-prod-eu',
  type: 'container',
  status: 'running',
  device: 'L40S',
  quantity: 2,
  hourly: '0.5',
  hours: 10,
  created_at: at(0),
  started_at: at(1),
  ends_at: at(11),
  ended_at: null,
  held: '0',
  paid: '10',
  served: '3',
  refunded: '0',
  refundable: '7',
  served_ms: 3 * HOUR,
  as_of: at(4),
  deadline: null,
  shortfall: null,
  reason: null,
};
const completed: Cluster = {
  ...running,
  status: 'completed',
  ended_at: at(11),
  served: '10',
  refundable: '0',
  served_ms: 10 * HOUR,
  as_of: at(11),
};
const failed: Cluster = {
  ...running,
  status: 'failed',
  started_at: null,
  ends_at: null,
  ended_at: at(1),
  paid: '0',
  served: '0',
  refundable: '0',
  served_ms: 0,
  as_of: at(1),
  reason: 'hold_expired',
};
/** As another source tells it: figures that do not follow, and an end that nobody knows. */
const foreign: Cluster = {
  ...completed,
  source: 'ionet',
  ends_at: null,
  served: '1.25',
  served_ms: 5,
  unknown: ['held'],
  more: { location: 'Oslo' },
};

test.each([running, completed, failed, foreign])(
  'a brief $source cluster that is $status reads as the whole',
  (cluster) => {
    expect(Cluster.parse(briefCluster(cluster))).toEqual(cluster);
  },
);

test('what follows from a completed cluster is not said', () => {
  const said = Object.keys(briefCluster(completed)).toSorted();
  expect(said).toEqual(
    'created_at device ended_at hourly hours id name paid quantity started_at status type'.split(' '),
  );
});

test('purchases, withdrawals and notices read as the whole', () => {
  const purchase: Purchase = {
    id: 'p',
    status: 'settled',
    method: 'usdc',
    credits: '100',
    fee: '0',
    total: '100',
    payment_url: null,
    created_at: at(0),
  };
  expect(briefPurchase(purchase)).not.toHaveProperty('payment_url');
  expect(Purchase.parse(briefPurchase(purchase))).toEqual(purchase);
  const withdrawal: Withdrawal = {
    id: 'w',
    status: 'rejected',
    amount: '5',
    wallet_address: '0x1',
    requested_at: at(0),
    due_by: at(240),
    tx_url: null,
    reason: 'wrong network',
  };
  expect(Withdrawal.parse(briefWithdrawal(withdrawal))).toEqual(withdrawal);
  const notice: Notice = {
    id: 'c412',
    code: 'grace_started',
    ...NOTICES.grace_started,
    created_at: at(0),
    seen_at: null,
    subject: null,
    facts: {},
  };
  expect(Object.keys(briefNotice(notice))).toEqual(['id', 'code', 'created_at', 'facts']);
  expect(Notice.parse(briefNotice(notice))).toEqual(notice);
});

test('a notice of a later server has the mildest kind', () => {
  const later = { id: 'c1', code: 'comet', created_at: at(0), facts: {} };
  expect(Notice.parse(later)).toMatchObject({ topic: 'account', priority: 'info', seen_at: null });
});
