import { expect, test } from 'vitest';
import type { Credits } from './account.ts';
import { parseAmountOrZero } from './money.ts';
import { check } from './verdict.ts';

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
