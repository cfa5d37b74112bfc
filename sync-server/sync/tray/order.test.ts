import { expect, test } from 'vitest';
import type { Command } from '../../ledger/command.ts';
import { orderOf } from './order.ts';

const ann = { principal: 'p1', account: 'ann', device: 'laptop', session: 's1', expiresAt: 2_000 };
const ID = 'intent-0000000001';
const command = (kind: string, body: Record<string, unknown>): Command =>
  orderOf({ id: ID, kind, at: 1, body }, ann).command;

test('a proposal is the order that its HTTP call would be', () => {
  expect(
    orderOf({ id: ID, kind: 'purchase.start', at: 1, body: { amount: '12.5', method: 'usdc' } }, ann),
  ).toEqual({
    account: 'ann',
    actor: { principal: 'p1', scope: 'account' },
    command: { kind: 'purchase.start', amount: 12_500_000n, method: 'usdc' },
    key: ID,
    intent: ID,
  });
  expect(command('withdrawal.request', { amount: '100', wallet_address: '0xabc' })).toEqual({
    kind: 'withdrawal.request',
    amount: 100_000_000n,
    wallet_address: '0xabc',
  });
  expect(command('withdrawal.cancel', { id: 'w1' })).toEqual({ kind: 'withdrawal.cancel', id: 'w1' });
});

test('every other kind of proposal is its command', () => {
  expect(command('deployment.extend', { id: 'd1', hours: 2 })).toEqual({
    kind: 'deployment.extend',
    id: 'd1',
    hours: 2,
  });
  expect(command('deployment.end', { id: 'd1' })).toEqual({ kind: 'deployment.end', id: 'd1' });
  expect(command('plan.choose', { plan: 'developer' })).toEqual({ kind: 'plan.choose', plan: 'developer' });
  expect(command('profile.set', { timezone: 'Europe/Berlin' })).toEqual({
    kind: 'profile.set',
    timezone: 'Europe/Berlin',
  });
  expect(command('wallet.add', { chain: 'aptos', address: '0x1' })).toEqual({
    kind: 'wallet.add',
    chain: 'aptos',
    address: '0x1',
  });
  expect(command('wallet.remove', { id: 'w1' })).toEqual({ kind: 'wallet.remove', id: 'w1' });
  expect(command('wallet.primary', { id: 'w1' })).toEqual({ kind: 'wallet.primary', id: 'w1' });
  expect(command('alerts.set', { balance: '20', plan_share: 80 })).toEqual({
    kind: 'alerts.set',
    levels: { balance: 20_000_000n, runway_hours: null, plan_share: 80, spend_per_day: null },
  });
  expect(command('notice.seen', { id: 'n1' })).toEqual({ kind: 'notice.seen', id: 'n1' });
  expect(command('terms.accept', { version: '2025-11-01' })).toEqual({
    kind: 'terms.accept',
    version: '2025-11-01',
  });
});

test('one that cannot be understood is an order to refuse it', () => {
  const code = (kind: string, body: Record<string, unknown>) => {
    const made = command(kind, body);
    return made.kind === 'refuse' ? made.code : made.kind;
  };
  expect(code('grant', { amount: '1000' })).toBe('invalid_request');
  expect(code('constructor', {})).toBe('invalid_request');
  expect(code('purchase.start', { amount: '10', method: 'cash' })).toBe('invalid_request');
  expect(code('purchase.start', { amount: '10', method: 'card', account: 'bob' })).toBe('invalid_request');
  expect(code('purchase.start', { amount: 10, method: 'card' })).toBe('invalid_amount');
  expect(code('purchase.start', { amount: '1e3', method: 'card' })).toBe('invalid_amount');
  expect(code('purchase.start', { amount: '1.0000001', method: 'usdc' })).toBe('amount_precision');
  expect(code('withdrawal.request', { amount: '2000000', wallet_address: '0xabc' })).toBe('amount_too_large');
  expect(code('withdrawal.request', { amount: '20', wallet_address: '' })).toBe('invalid_request');
  expect(code('withdrawal.cancel', { id: '' })).toBe('invalid_request');
  expect(code('deployment.extend', { id: 'd1', hours: 0 })).toBe('invalid_request');
  expect(code('deployment.extend', { id: 'd1', hours: 1.5 })).toBe('invalid_request');
  expect(code('wallet.add', { chain: 'bitcoin', address: '0x1' })).toBe('invalid_request');
  expect(code('alerts.set', { balance: 20 })).toBe('invalid_request');
  expect(code('alerts.set', { balance: '-20' })).toBe('invalid_amount');
  expect(code('alerts.set', { spend_per_day: '0' })).toBe('invalid_amount');
  expect(code('alerts.set', { plan_share: 80.5 })).toBe('invalid_request');
});
