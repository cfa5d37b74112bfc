import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Withdrawal } from '../../shared/account.ts';
import { formatAmount } from '../../shared/money.ts';
import type { Actor } from './command.ts';
import { FINANCE, SECOND, SERVICE, TestLedger, USER } from './test-ledger.ts';

const MICRO = 1_000_000n;
const ADDRESS = 'So11111111111111111111111111111111111111112';

function request(ledger: TestLedger, amount: bigint): string {
  return ledger.made(USER, { kind: 'withdrawal.request', amount, wallet_address: ADDRESS });
}

const refused = (ledger: TestLedger, amount: bigint) =>
  ledger.code(USER, { kind: 'withdrawal.request', amount, wallet_address: ADDRESS });
const approve = (ledger: TestLedger, id: string, actor: Actor = FINANCE) =>
  ledger.ok(actor, { kind: 'withdrawal.approve', id })['status'];

test('a withdrawal from request to payment, as its owner sees it', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  const id = request(ledger, 60n * MICRO);
  expect(Withdrawal.parse(ledger.rows.at(-1)?.patch.withdrawals)).toEqual({
    id,
    status: 'requested',
    amount: '60',
    wallet_address: ADDRESS,
    requested_at: '2026-01-01T00:00:00.000Z',
    // 2026-01-01 is a Thursday: seven business days on is Monday of the week after next.
    due_by: '2026-01-12T00:00:00.000Z',
    tx_url: null,
    reason: null,
  });
  expect(approve(ledger, id)).toBe('approved');
  ledger.ok(FINANCE, { kind: 'withdrawal.send', id });
  const paid = { kind: 'withdrawal.paid', id, tx_url: 'https://explorer.example/tx/1' } as const;
  expect(ledger.ok(FINANCE, paid)).toMatchObject({
    status: 'paid',
    tx_url: paid.tx_url,
    approvals: ['fin-1'],
  });
  expect(ledger.history().slice(1)).toEqual(['withdrawal 0 pending = 100', 'withdrawal -60 paid = 40']);
  const { seq } = ledger.credits();
  ledger.ok(FINANCE, paid);
  expect(ledger.credits()).toMatchObject({ seq, balance: '40', withdrawable: '40', reserved: '0' });
  expect(ledger.transfers.at(-1)?.postings).toEqual([
    { name: 'reserved', micros: -60n * MICRO },
    { name: 'asset:treasury:usdc', micros: 60n * MICRO },
  ]);
});

test('large ones need two approvers, neither of them who asked', () => {
  const ledger = new TestLedger();
  ledger.fund('2000');
  const id = request(ledger, 1000n * MICRO);
  const own: Actor = { principal: USER.principal, scope: 'finance' };
  expect(ledger.code(own, { kind: 'withdrawal.approve', id })).toBe('forbidden');
  expect(ledger.code(USER, { kind: 'withdrawal.approve', id })).toBe('forbidden');
  expect(approve(ledger, id)).toBe('in_review');
  expect(ledger.code(FINANCE, { kind: 'withdrawal.approve', id })).toBe('forbidden');
  expect(approve(ledger, id, SECOND)).toBe('approved');
  const small = request(ledger, 999_999_999n);
  expect(approve(ledger, small)).toBe('approved');
});

test('its owner may cancel before approval, finance may reject until the payout is sent', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  const id = request(ledger, 60n * MICRO);
  approve(ledger, id);
  expect(ledger.code(USER, { kind: 'withdrawal.cancel', id })).toBe('withdrawal_state');
  const reject = { kind: 'withdrawal.reject', id, reason: 'address unknown' } as const;
  expect(ledger.ok(FINANCE, reject)).toMatchObject({ status: 'rejected', reason: 'address unknown' });
  expect(ledger.history().at(-1)).toBe('withdrawal 0 returned = 100');
  expect(ledger.code(FINANCE, { kind: 'withdrawal.send', id })).toBe('withdrawal_state');
  expect(ledger.code(USER, { kind: 'withdrawal.cancel', id: 'none' })).toBe('withdrawal_not_found');
});

test('charged-back money is neither approved nor sent; finance rejects it', () => {
  const ledger = new TestLedger();
  const purchase = ledger.fund('100');
  const asked = request(ledger, 40n * MICRO);
  const approved = request(ledger, 20n * MICRO);
  approve(ledger, approved);
  ledger.ok(FINANCE, { kind: 'purchase.dispute', purchase_id: purchase });
  expect(ledger.code(FINANCE, { kind: 'withdrawal.approve', id: asked })).toBe('account_suspended');
  expect(ledger.code(FINANCE, { kind: 'withdrawal.send', id: approved })).toBe('account_suspended');
  for (const id of [asked, approved]) {
    ledger.ok(FINANCE, { kind: 'withdrawal.reject', id, reason: 'charged back' });
  }
  expect(ledger.credits()).toMatchObject({ balance: '0', debt: '0', reserved: '0' });
});

test('what may not leave: too little, promo, held, owed', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  ledger.grant('g', '30');
  expect(refused(ledger, 999_999n)).toBe('amount_below_minimum');
  expect(refused(ledger, 100_000_001n)).toBe('not_withdrawable');
  expect(refused(ledger, 131n * MICRO)).toBe('insufficient_credits');
  ledger.charge('c', '131');
  expect(refused(ledger, MICRO)).toBe('insufficient_credits');
});

test('law: reserve, reject is nothing, whatever was spent before', () => {
  const place = (ledger: TestLedger) => {
    const { seq: _seq, ...credits } = ledger.credits();
    return { credits, balances: Object.fromEntries(ledger.state.balances) };
  };
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 30n * MICRO }),
      fc.bigInt({ min: MICRO, max: 20n * MICRO }),
      (x, y) => {
        const ledger = new TestLedger();
        for (const credits of ['20', '30']) ledger.fund(credits);
        ledger.grant('g', '5');
        ledger.charge('c', formatAmount(x));
        const before = place(ledger);
        const id = request(ledger, y);
        ledger.ok(FINANCE, { kind: 'withdrawal.reject', id, reason: 'test' });
        expect(place(ledger)).toEqual(before);
      },
    ),
  );
});

test('while a withdrawal is open there is no allowance; a waiting hold fits once it is paid', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  const id = request(ledger, 50n * MICRO);
  expect(ledger.credits().allowance).toBe('0');
  const hold = { kind: 'hold.authorize', id: 'h', amount: 55n * MICRO, service: 'vm' } as const;
  expect(ledger.ok(SERVICE, hold)).toMatchObject({ status: 'pending_payment' });
  approve(ledger, id);
  ledger.ok(FINANCE, { kind: 'withdrawal.send', id });
  ledger.ok(FINANCE, { kind: 'withdrawal.paid', id, tx_url: 'https://explorer.example/tx/1' });
  expect(ledger.credits()).toMatchObject({ available: '-5', held: '55', state: 'grace' });
});

test('twenty withdrawals may be open at once, no more', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  const first = request(ledger, MICRO);
  for (let n = 1; n < 20; n += 1) request(ledger, MICRO);
  expect(refused(ledger, MICRO)).toBe('rate_limited');
  ledger.ok(USER, { kind: 'withdrawal.cancel', id: first });
  request(ledger, MICRO);
});
