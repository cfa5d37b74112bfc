import { expect, test } from 'vitest';
import type { Credits } from './account.ts';
import { parseAmountOrZero } from './money.ts';
import { check, judge, pendingSpend, standingOf } from './verdict.ts';

const credits: Credits = {
  balance: '25',
  available: '20',
  available_by_service: { vm: '25' },
  held: '0',
  reserved: '0',
  debt: '0',
  restricted: '5',
  frozen: '0',
  withdrawable: '20',
  allowance: '10',
  state: 'active',
  grace_until: null,
  next_change_at: null,
  expiring: [],
  seq: 412,
};
const ask = (amount: string, service?: string, part: Partial<Credits> = {}) =>
  check({ ...credits, ...part }, parseAmountOrZero(amount), service);

test('short by five: what is missing and what each way to pay costs', () => {
  expect(ask('25')).toEqual({
    amount: '25',
    available: '20',
    allowance: '10',
    sufficient: false,
    shortfall: '5',
    decision: 'approve_with_allowance',
    top_up: {
      card: { credits: '5', fee: '0.15', total: '5.15' },
      crypto: { credits: '5', fee: '0', total: '5' },
    },
    card_fee_bps: 300,
    seq: 412,
  });
});

test('each decision, to the micro', () => {
  expect(ask('20').decision).toBe('approve');
  expect(ask('20.000001').decision).toBe('approve_with_allowance');
  expect(ask('30').decision).toBe('approve_with_allowance');
  expect(ask('30.000001').decision).toBe('pending_payment');
  expect(ask('1', undefined, { state: 'grace' }).decision).toBe('approve');
  expect(ask('1', undefined, { state: 'suspended' }).decision).toBe('refuse');
  expect(ask('1', undefined, { state: 'closed' }).decision).toBe('refuse');
});

test('credit for one service counts for that service', () => {
  expect(ask('25', 'vm')).toMatchObject({ available: '25', sufficient: true });
  expect(ask('25', 'ray')).toMatchObject({ available: '20', sufficient: false });
});

test('below zero the debt is part of what is missing, and even nothing is too much', () => {
  expect(ask('1', undefined, { available: '-3' })).toMatchObject({
    shortfall: '4',
    top_up: { card: { total: '4.12' } },
  });
  expect(ask('0', undefined, { available: '-3' }).sufficient).toBe(false);
  expect(ask('0', undefined, { available: '0' }).sufficient).toBe(true);
});

const micros = (text: string) => parseAmountOrZero(text);
const at = (amount: string, part: Partial<Credits> = {}, service: string | null = null, pending = '0') =>
  judge(standingOf({ ...credits, ...part }, micros(pending), service), micros(amount));

test('a checkout counts no allowance: short by what is missing, and what each way to pay costs', () => {
  expect(at('28.2')).toMatchObject({ enough: false, after: -8_200_000n, shortfall: 8_200_000n });
  expect(at('28.2')?.topUp.card).toEqual({ credits: 8_200_000n, fee: 250_000n, total: 8_450_000n });
  expect(at('28.2')?.topUp.crypto.total).toBe(8_200_000n);
});

test('enough to the micro, and one micro less is short', () => {
  expect(at('20', { available_by_service: {} })).toMatchObject({ enough: true, after: 0n, shortfall: 0n });
  expect(at('20.000001', { available_by_service: {} })).toMatchObject({ enough: false, shortfall: 1n });
});

test('less than the smallest purchase is missing: the smallest purchase is offered', () => {
  expect(at('20.4', { available_by_service: {} })?.topUp.card).toEqual({
    credits: 1_000_000n,
    fee: 30_000n,
    total: 1_030_000n,
  });
});

test('credit for one service covers that service; while the service is unknown nobody can say', () => {
  expect(at('25', {}, 'vm')?.enough).toBe(true);
  expect(at('25', {}, 'caas')?.enough).toBe(false);
  expect(at('22')).toBeNull();
  expect(at('20')?.enough).toBe(true);
  expect(at('25.000001')?.enough).toBe(false);
});

test('what is proposed counts as spent', () => {
  expect(at('15', {}, 'caas', '5')).toMatchObject({ enough: true, after: 0n });
  expect(at('15', {}, 'caas', '5.000001')).toMatchObject({ enough: false, shortfall: 1n });
});

test('an account without a row has nothing; a suspended one cannot deploy', () => {
  expect(judge(standingOf(null, 0n, 'vm'), micros('5'))).toMatchObject({
    enough: false,
    shortfall: 5_000_000n,
  });
  expect(at('1', { state: 'suspended' })).toMatchObject({ enough: true, blocked: true });
});

test('proposals that spend: withdrawals, and hours of a cluster by its price', () => {
  const clusters = [{ id: 'c1', hourly: '0.3', quantity: 2 }];
  const proposals = [
    { kind: 'withdrawal.request', body: { amount: '7.5', wallet_address: 'x' } },
    { kind: 'deployment.extend', body: { id: 'c1', hours: 4 } },
    { kind: 'deployment.extend', body: { id: 'unknown', hours: 4 } },
    { kind: 'purchase.start', body: { amount: '100', method: 'card' } },
    { kind: 'withdrawal.request', body: { amount: 'all' } },
  ];
  expect(pendingSpend(proposals, clusters)).toBe(9_900_000n);
});

test('the fee is the section’s, and whom paying does not help stands so', () => {
  const standing = (part: Partial<Credits>) => standingOf({ ...credits, ...part }, 0n, null);
  expect(judge(standing({ card_fee_bps: 450 }), parseAmountOrZero('70'))?.topUp.card).toEqual({
    credits: 50_000_000n,
    fee: 2_250_000n,
    total: 52_250_000n,
  });
  expect(standing({}).fee).toBe(300);
  const paused = { state: 'suspended', available: '-2', debt: '2' } as const;
  expect(standing({ ...paused, suspended_for: 'unpaid' }).lasting).toBeUndefined();
  expect(standing({ ...paused, suspended_for: 'chargeback' }).lasting).toBe(true);
  // A book of before: without a debt it is no debt's suspension.
  expect(standing(paused).lasting).toBeUndefined();
  expect(standing({ ...paused, debt: '0' }).lasting).toBe(true);
  expect(standing({ state: 'closed' }).lasting).toBe(true);
});
