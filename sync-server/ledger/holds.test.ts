import { expect, test } from 'vitest';
import { DAY, MINUTE, toRfc3339 } from '../../shared/time.ts';
import { FINANCE, SERVICE, START, TestLedger } from './test-ledger.ts';

const MICRO = 1_000_000n;
const authorize = (id: string, credits: bigint, more = {}) =>
  ({ kind: 'hold.authorize', id, amount: credits * MICRO, service: 'vm', ...more }) as const;

test('a hold says until when, and expires one millisecond later', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  const expires_at = toRfc3339(START + 15 * MINUTE);
  expect(ledger.hold('h', '40')).toEqual({
    id: 'h',
    status: 'authorized',
    amount: '40',
    service: 'vm',
    expires_at,
  });
  expect(ledger.due).toBe(START + 15 * MINUTE + 1);
  ledger.now = START + 15 * MINUTE;
  expect(ledger.credits()).toMatchObject({ held: '40' });
  ledger.now += 1;
  expect(ledger.credits()).toMatchObject({ held: '0', available: '100', balance: '100' });
  expect(ledger.code(SERVICE, { kind: 'hold.void', id: 'h' })).toBe('hold_expired');
});

test('extending while provisioning goes on for a day at most', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  ledger.hold('h', '40');
  const until = (at: number) => ledger.ok(SERVICE, { kind: 'hold.extend', id: 'h', until: at })['expires_at'];
  expect(until(START + 60 * MINUTE)).toBe(toRfc3339(START + 60 * MINUTE));
  expect(until(START + 30 * MINUTE)).toBe(toRfc3339(START + 60 * MINUTE));
  expect(until(START + 3 * DAY)).toBe(toRfc3339(START + DAY));
  expect(ledger.credits().next_change_at).toBe(toRfc3339(START + DAY + 1));
  expect(ledger.code(SERVICE, { kind: 'hold.extend', id: 'h', until: START - 1 })).toBe('invalid_request');
});

test('a request that has to wait says for what, and is paid by the next credit', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  expect(ledger.ok(SERVICE, authorize('h', 25n))).toEqual({
    id: 'h',
    status: 'pending_payment',
    amount: '25',
    service: 'vm',
    deadline: toRfc3339(START + 5 * MINUTE),
    shortfall: '20',
    top_up: {
      card: { credits: '20', fee: '0.6', total: '20.6' },
      crypto: { credits: '20', fee: '0', total: '20' },
    },
  });
  expect(ledger.code(SERVICE, { kind: 'hold.capture', id: 'h', amount: MICRO })).toBe('hold_not_open');
  ledger.now += MINUTE;
  ledger.fund('20');
  const again = ledger.ok(SERVICE, authorize('h', 25n));
  expect(again).toMatchObject({ status: 'pending_payment' });
  expect(ledger.ok(SERVICE, { kind: 'hold.extend', id: 'h', until: START + MINUTE })).toMatchObject({
    status: 'authorized',
    expires_at: toRfc3339(START + 16 * MINUTE),
  });
});

test('a request that nobody paid for fails, one that is cancelled is void', () => {
  const ledger = new TestLedger();
  ledger.ok(SERVICE, authorize('h', 25n));
  ledger.ok(SERVICE, authorize('h2', 25n));
  expect(ledger.ok(SERVICE, { kind: 'hold.void', id: 'h2' })).toMatchObject({ status: 'void' });
  ledger.now += 5 * MINUTE + 1;
  expect(ledger.code(SERVICE, { kind: 'hold.capture', id: 'h', amount: MICRO })).toBe('grace_expired');
  expect(ledger.code(SERVICE, { kind: 'hold.void', id: 'h' })).toBe('grace_expired');
  expect(ledger.due).toBeNull();
});

test('without the allowance a hold takes what is there only', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  const options = { on_insufficient: 'fail', use_allowance: false };
  const outcome = ledger.settle(SERVICE, authorize('h', 6n, options));
  expect(outcome).toMatchObject({
    ok: false,
    problem: {
      code: 'insufficient_credits',
      facts: { required: '6', available: '5', shortfall: '1', top_up: { card: { total: '1.03' } } },
    },
  });
  expect(ledger.ok(SERVICE, authorize('h5', 5n, options))).toMatchObject({ status: 'authorized' });
});

test('the same hold id with another body is a duplicate, with the same body the same hold', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  ledger.hold('h', '10');
  const again = { key: 'another-key-of-16' };
  expect(ledger.settle(SERVICE, authorize('h', 10n), again)).toMatchObject({ ok: true, answer: { id: 'h' } });
  expect(ledger.code(SERVICE, authorize('h', 11n))).toBe('duplicate_id');
  expect(ledger.credits().held).toBe('10');
});

test('a capture makes a charge that can be refunded, once; twice the same is once', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  ledger.hold('h', '40');
  const capture = { kind: 'hold.capture', id: 'h', amount: 25n * MICRO } as const;
  expect(ledger.ok(SERVICE, capture)).toMatchObject({ status: 'captured', captured: '25', charge_id: 'c:h' });
  const seq = ledger.credits().seq;
  ledger.ok(SERVICE, capture);
  expect(ledger.credits().seq).toBe(seq);
  expect(ledger.code(SERVICE, { ...capture, amount: 24n * MICRO })).toBe('hold_not_open');
  ledger.ok(SERVICE, { kind: 'charge.refund', charge_id: 'c:h', id: 'r', amount: 25n * MICRO });
  expect(ledger.credits()).toMatchObject({ available: '100', withdrawable: '100' });
});

test('what expired under a hold can still be captured, the rest of it expires', () => {
  const ledger = new TestLedger();
  ledger.grant('g', '10', { expires_at: START + MINUTE });
  ledger.hold('h', '10');
  ledger.now += 2 * MINUTE;
  ledger.ok(SERVICE, { kind: 'hold.capture', id: 'h', amount: 4n * MICRO });
  expect(ledger.credits()).toMatchObject({ balance: '0', debt: '0' });
  expect(ledger.history().slice(-2)).toEqual(['usage -4 completed = 6', 'expiry -6 completed = 0']);
});

test('nothing new runs on a suspended account, what was delivered is captured', () => {
  const ledger = new TestLedger();
  const id = ledger.fund('20');
  ledger.hold('h', '15');
  ledger.ok(FINANCE, { kind: 'purchase.dispute', purchase_id: id });
  expect(ledger.code(SERVICE, authorize('h2', 1n))).toBe('account_suspended');
  expect(ledger.ok(SERVICE, { kind: 'hold.capture', id: 'h', amount: 15n * MICRO })).toMatchObject({
    captured: '15',
  });
  expect(ledger.credits()).toMatchObject({ available: '-15', debt: '15', state: 'suspended', held: '0' });
});
