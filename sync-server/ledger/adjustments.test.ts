import { expect, test } from 'vitest';
import { FINANCE, SERVICE, TestLedger, USER } from './test-ledger.ts';

const MICRO = 1_000_000n;
const adjust = (id: string, amount: bigint, approver = 'fin-2') =>
  ({ kind: 'adjustment', id, amount, reason: 'ticket 42', approver }) as const;
const reversal = (id: string, transfer_id: string, approver = 'fin-2') =>
  ({ kind: 'reversal', id, transfer_id, reason: 'posted twice', approver }) as const;

function last(ledger: TestLedger): string {
  return ledger.transfers.at(-1)?.id ?? '';
}

test('an adjustment gives or takes, with a second principal, and never makes debt', () => {
  const ledger = new TestLedger();
  expect(ledger.code(FINANCE, adjust('a', MICRO, 'fin-1'))).toBe('forbidden');
  expect(ledger.code(FINANCE, adjust('a', MICRO, ''))).toBe('forbidden');
  expect(ledger.code(USER, adjust('a', MICRO))).toBe('forbidden');
  ledger.ok(FINANCE, adjust('a', 5n * MICRO));
  ledger.ok(FINANCE, adjust('b', -2n * MICRO));
  expect(ledger.history()).toEqual(['adjustment 5 completed = 5', 'adjustment -2 completed = 3']);
  expect(ledger.credits()).toMatchObject({ available: '3', withdrawable: '0' });
  expect(ledger.code(FINANCE, adjust('c', -3_000_001n))).toBe('insufficient_credits');
  expect(ledger.code(FINANCE, adjust('d', 0n))).toBe('invalid_amount');
  expect(ledger.code(FINANCE, adjust('a', 6n * MICRO))).toBe('duplicate_id');
});

test('a reversal negates one transfer exactly, at most once', () => {
  const ledger = new TestLedger();
  ledger.grant('g', '10');
  const given = last(ledger);
  expect(ledger.code(FINANCE, reversal('r', given, 'fin-1'))).toBe('forbidden');
  ledger.ok(FINANCE, reversal('r', given));
  expect(ledger.history().at(-1)).toBe('correction -10 completed = 0');
  expect(ledger.transfers.at(-1)).toMatchObject({
    kind: 'reversal',
    postings: [
      { name: 'expense:promo', micros: 10n * MICRO },
      { name: 'lot:1', micros: -10n * MICRO },
    ],
    meta: { metadata: { reverses: given } },
  });
  expect(ledger.code(FINANCE, reversal('r2', given))).toBe('version_conflict');
  expect(ledger.code(FINANCE, reversal('r3', 'none'))).toBe('not_found');
});

test('a charge is reversed into its lots and its debt, and cannot be refunded after', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('c', '12');
  const charged = last(ledger);
  ledger.ok(FINANCE, reversal('r', charged));
  expect(ledger.credits()).toMatchObject({ available: '5', debt: '0', withdrawable: '5', state: 'active' });
  const refund = { kind: 'charge.refund', charge_id: 'c', id: 'x', amount: 1n } as const;
  expect(ledger.code(SERVICE, refund)).toBe('refund_exceeds_charge');
});

test('what has changed since, or has its own way back, is not reversed', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  const bought = ledger.transfers.at(-1)?.id ?? '';
  ledger.charge('c', '12');
  const charged = last(ledger);
  ledger.ok(SERVICE, { kind: 'charge.refund', charge_id: 'c', id: 'x', amount: MICRO });
  expect(ledger.code(FINANCE, reversal('r1', charged))).toBe('version_conflict');
  expect(ledger.code(FINANCE, reversal('r2', bought))).toBe('invalid_request');
  ledger.grant('g', '10');
  const given = ledger.transfers.findLast(({ kind }) => kind === 'grant')?.id ?? '';
  expect(ledger.code(FINANCE, reversal('r3', given))).toBe('version_conflict');
});
