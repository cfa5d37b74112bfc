import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount } from '../../shared/money.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { FINANCE, SERVICE, START, TestLedger } from './test-ledger.ts';

const MICRO = 1_000_000n;
const refund = (charge_id: string, id: string, amount: bigint) =>
  ({ kind: 'charge.refund', charge_id, id, amount }) as const;
const force = (id: string, amount: bigint) =>
  ({ kind: 'charge', id, amount, service: 'vm', force: true }) as const;

/** Lots, debt and standing: where the money is, whatever way it took. */
function place(ledger: TestLedger) {
  const { seq: _seq, ...credits } = ledger.credits();
  return { credits, balances: Object.fromEntries(ledger.state.balances) };
}

/** An account with a purchase, promo for all and promo for one service; some of it may be owed already. */
function account(spent: bigint): TestLedger {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.grant('g1', '4', { expires_at: START + DAY });
  ledger.grant('g2', '3', { services: ['vm'] });
  if (spent > 0n) ledger.charge('spent', formatAmount(spent), 'ray');
  return ledger;
}

const micros = (max: bigint) => fc.bigInt({ min: 1n, max });

test('law: charge(X), refund(Y) leaves what charge(X - Y) leaves', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 14n * MICRO }),
      micros(4n * MICRO),
      micros(4n * MICRO),
      (spent, x, y) => {
        const [one, other] = [account(spent), account(spent)];
        one.charge('c', formatAmount(x + y));
        one.ok(SERVICE, refund('c', 'r', y));
        other.charge('c', formatAmount(x));
        expect(place(one)).toEqual(place(other));
      },
    ),
  );
});

test('law: hold(H), capture(x) leaves what charge(x) leaves; hold, void leaves nothing', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 14n * MICRO }),
      micros(4n * MICRO),
      micros(4n * MICRO),
      (spent, x, more) => {
        const [one, other] = [account(spent), account(spent)];
        const before = place(one);
        one.hold('v', formatAmount(x + more));
        one.ok(SERVICE, { kind: 'hold.void', id: 'v' });
        expect(place(one)).toEqual(before);
        one.hold('h', formatAmount(x + more));
        one.ok(SERVICE, { kind: 'hold.capture', id: 'h', amount: x });
        other.charge('c', formatAmount(x));
        expect(place(one)).toEqual(place(other));
      },
    ),
  );
});

test('a refund never exceeds what is left of its charge', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  ledger.charge('c', '50');
  ledger.ok(SERVICE, refund('c', 'r1', 30n * MICRO));
  expect(ledger.code(SERVICE, refund('c', 'r2', 20_000_001n))).toBe('refund_exceeds_charge');
  expect(ledger.code(SERVICE, refund('c', 'r1', 5n * MICRO))).toBe('duplicate_id');
  expect(ledger.code(SERVICE, refund('nothing', 'r3', 1n))).toBe('charge_not_found');
  expect(ledger.code(SERVICE, refund('r1', 'r4', 1n))).toBe('charge_not_found');
  ledger.ok(SERVICE, refund('c', 'r5', 20n * MICRO));
  expect(ledger.credits().available).toBe('100');
});

test('what repaid a charge is what its refund returns to', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('c', '12');
  ledger.grant('g', '10');
  expect(ledger.credits()).toMatchObject({ available: '3', withdrawable: '0', debt: '0' });
  ledger.ok(SERVICE, refund('c', 'r', 9n * MICRO));
  expect(ledger.credits()).toMatchObject({ available: '12', withdrawable: '2' });
});

test('debt is repaid oldest first, also by a refund of something else', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('c1', '12');
  ledger.charge('c2', '2');
  expect(ledger.credits()).toMatchObject({ available: '-9', debt: '9' });
  ledger.ok(SERVICE, refund('c1', 'r', 10n * MICRO));
  expect(ledger.credits()).toMatchObject({ available: '1', debt: '0', withdrawable: '1' });
});

test('the floor: refused with what is missing, or as an exhausted allowance', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  expect(ledger.code(SERVICE, { kind: 'charge', id: 'a', amount: 15_000_001n, service: 'vm' })).toBe(
    'allowance_exhausted',
  );
  ledger.charge('b', '15');
  expect(ledger.code(SERVICE, { kind: 'charge', id: 'c', amount: 1n, service: 'vm' })).toBe(
    'allowance_exhausted',
  );
});

test('late metering passes floor and suspension, and says so until the debt is paid', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.ok(SERVICE, force('a', 40n * MICRO));
  expect(ledger.credits()).toMatchObject({ available: '-35', state: 'grace' });
  expect(ledger.state.facts.forced).toBe(true);
  ledger.now += 5 * MINUTE + 1;
  expect(ledger.code(SERVICE, { kind: 'charge', id: 'b', amount: 1n, service: 'vm' })).toBe(
    'account_suspended',
  );
  ledger.ok(SERVICE, force('c', MICRO));
  expect(ledger.credits()).toMatchObject({ available: '-36', state: 'suspended' });
  ledger.fund('36');
  expect(ledger.credits()).toMatchObject({ available: '0', state: 'active', allowance: '10' });
  expect(ledger.state.facts.forced).toBe(false);
});

test('a closed account takes no charge at all', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.ok(FINANCE, { kind: 'account.patch', state: 'closed' });
  expect(ledger.code(SERVICE, force('a', MICRO))).toBe('account_closed');
  expect(ledger.credits()).toMatchObject({ state: 'closed', allowance: '0', withdrawable: '0' });
});

test('ids that the ledger makes itself are not for callers', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  expect(ledger.code(SERVICE, { kind: 'charge', id: 'c:x', amount: 1n, service: 'vm' })).toBe(
    'invalid_request',
  );
});
