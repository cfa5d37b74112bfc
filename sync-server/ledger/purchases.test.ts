import { expect, test } from 'vitest';
import { DAY } from '../../shared/time.ts';
import { apply, decide, DEFAULT_RULES } from './decide.ts';
import { FINANCE, SERVICE, START, SYSTEM, TestLedger, USER } from './test-ledger.ts';

const houses = (ledger: TestLedger) =>
  Object.fromEntries(ledger.transfers.at(-1)?.postings.map(({ name, micros }) => [name, micros]) ?? []);

test('a card purchase: fee on top, passed through to the provider', () => {
  const ledger = new TestLedger();
  const id = ledger.start('100', 'card');
  expect(ledger.purchase(id)).toEqual({
    id,
    status: 'pending',
    method: 'card',
    credits: '100',
    fee: '3',
    total: '103',
    payment_url: `http://127.0.0.1:4700/pay/${id}`,
    created_at: '2026-01-01T00:00:00.000Z',
  });
  expect(ledger.pay(id)).toEqual({ status: 'settled', duplicate: false });
  expect(houses(ledger)).toEqual({
    'asset:psp:spherepay': -103_000_000n,
    'lot:2': 100_000_000n,
    'payable:psp_fee': 3_000_000n,
  });
  expect(ledger.purchase(id)).toMatchObject({ status: 'settled', payment_url: null });
  expect(ledger.history()).toEqual(['purchase 100 completed = 100']);
});

test('another total than quoted buys what it covers (M5)', () => {
  const ledger = new TestLedger();
  const card = ledger.start('100', 'card');
  ledger.pay(card, '50');
  expect(ledger.purchase(card)).toMatchObject({ credits: '48.54', fee: '1.46', total: '50' });
  const crypto = ledger.start('100', 'usdc');
  ledger.pay(crypto, '99.5');
  expect(ledger.purchase(crypto)).toMatchObject({ credits: '99.5', fee: '0', total: '99.5' });
});

test('one payment credits once; a second payment for a settled purchase waits in suspense', () => {
  const ledger = new TestLedger();
  const id = ledger.fund('100');
  expect(ledger.pay(id)).toEqual({ status: 'settled', duplicate: true });
  expect(ledger.pay(id, '100', 'other')).toEqual({ status: 'suspense', duplicate: false });
  expect(ledger.pay(id, '100', 'other')).toEqual({ status: 'suspense', duplicate: true });
  expect(ledger.credits().balance).toBe('100');
});

test('a late failure after a settlement changes nothing', () => {
  const ledger = new TestLedger();
  const id = ledger.fund('100');
  const failed = { kind: 'payment.failed', purchase_id: id, payment_id: 'x', provider: 'spherepay' } as const;
  expect(ledger.ok(SYSTEM, failed)).toEqual({ status: 'settled', duplicate: false });
  expect(ledger.credits().balance).toBe('100');
});

test('a purchase can be paid for a day, to the millisecond', () => {
  const ledger = new TestLedger();
  const [paid, late] = [ledger.start('10', 'usdc'), ledger.start('20', 'usdc')];
  ledger.now = START + DAY;
  expect(ledger.pay(paid)).toMatchObject({ status: 'settled' });
  ledger.now += 1;
  expect(ledger.pay(late)).toMatchObject({ status: 'suspense' });
  expect(ledger.purchase(late)).toMatchObject({ status: 'expired', payment_url: null });
  expect(ledger.credits().balance).toBe('10');
});

test('finance matches money in suspense: the purchase it was sent for settles, a second payment buys anew', () => {
  const ledger = new TestLedger();
  const late = ledger.start('20', 'card');
  ledger.now = START + DAY + 1;
  ledger.pay(late);
  const suspense = () =>
    [...ledger.state.records.values()].filter(({ kind, open }) => kind === 'suspense' && open);
  const match = { kind: 'suspense.match', suspense_id: suspense()[0]?.id ?? '' } as const;
  expect(ledger.code(USER, match)).toBe('forbidden');
  expect(ledger.ok(FINANCE, match)).toMatchObject({
    status: 'matched',
    purchase: { id: late, credits: '20' },
  });
  expect(houses(ledger)).toMatchObject({ 'suspense:payments': -20_600_000n, 'payable:psp_fee': 600_000n });
  ledger.ok(FINANCE, match);
  expect(ledger.credits().balance).toBe('20');
  ledger.pay(late, '20.6', 'second');
  ledger.ok(FINANCE, { kind: 'suspense.match', suspense_id: suspense()[0]?.id ?? '' });
  expect(ledger.credits().balance).toBe('40');
  expect(ledger.purchase(late).status).toBe('settled');
  expect(ledger.code(FINANCE, { kind: 'suspense.match', suspense_id: 'none' })).toBe('not_found');
});

test('money that buys less than a cent, or more than an account holds, is not turned away', () => {
  const ledger = new TestLedger();
  expect(ledger.pay(ledger.start('10', 'card'), '0.009999')).toMatchObject({ status: 'suspense' });
  expect(ledger.credits().balance).toBe('0');
});

test('fifty purchases may wait for their money, no more', () => {
  const start = { kind: 'purchase.start', amount: 1_000_000n, method: 'usdc' } as const;
  const order = { account: 'u', actor: USER, command: start };
  let { state } = new TestLedger();
  let made = 0;
  const settle = () => {
    const { changes, outcome } = decide(state, order, {
      now: START,
      id: () => `p${(made += 1)}`,
      rules: DEFAULT_RULES,
    });
    if (changes) state = apply(state, changes);
    return outcome;
  };
  for (let n = 0; n < 1_000; n += 1) expect(settle().ok).toBe(true);
  expect(settle()).toMatchObject({ ok: false, problem: { code: 'rate_limited' } });
});

test('an unknown purchase is not found', () => {
  const payment = {
    kind: 'payment.succeeded',
    purchase_id: 'p',
    payment_id: 'x',
    provider: 'y',
    amount: 1n,
  } as const;
  expect(new TestLedger().code(SYSTEM, payment)).toBe('not_found');
});

test('card-funded credit is withdrawable after the configured days, told by a row of its own', () => {
  const ledger = new TestLedger({ card_hold_ms: 30 * DAY });
  ledger.fund('100', 'card');
  ledger.fund('7');
  expect(ledger.credits()).toMatchObject({ withdrawable: '7', next_change_at: '2026-01-31T00:00:00.000Z' });
  ledger.now = START + 30 * DAY;
  expect(ledger.credits()).toMatchObject({ withdrawable: '107', next_change_at: null });
});

test('purchased credit can be made to expire', () => {
  const ledger = new TestLedger({ purchase_ttl_ms: 365 * DAY });
  ledger.fund('100');
  ledger.now = START + 365 * DAY;
  expect(ledger.credits().balance).toBe('0');
  expect(houses(ledger)).toMatchObject({ 'income:breakage': 100_000_000n });
});

test('a chargeback takes the rest, leaves the spent part owing, and only finance lifts it', () => {
  const ledger = new TestLedger();
  const id = ledger.fund('100');
  ledger.charge('c', '40');
  expect(ledger.code(USER, { kind: 'purchase.dispute', purchase_id: id })).toBe('forbidden');
  ledger.ok(FINANCE, { kind: 'purchase.dispute', purchase_id: id });
  expect(ledger.purchase(id).status).toBe('charged_back');
  expect(ledger.history().at(-1)).toBe('chargeback -100 completed = -40');
  expect(ledger.credits()).toMatchObject({
    state: 'suspended',
    suspended_for: 'chargeback',
    debt: '40',
    allowance: '0',
    grace_until: null,
  });
  ledger.fund('60');
  expect(ledger.credits()).toMatchObject({ state: 'suspended', available: '20', withdrawable: '0' });
  expect(ledger.code(SERVICE, { kind: 'charge', id: 'd', amount: 1n, service: 'vm' })).toBe(
    'account_suspended',
  );
  ledger.ok(FINANCE, { kind: 'account.patch', state: 'active' });
  expect(ledger.credits()).toMatchObject({ state: 'active', withdrawable: '20' });
  expect(ledger.credits()).not.toHaveProperty('suspended_for');
  const seq = ledger.credits().seq;
  ledger.ok(FINANCE, { kind: 'purchase.dispute', purchase_id: id });
  expect(ledger.credits().seq).toBe(seq);
});

test('a chargeback is paid from other credit at once; what comes back to its lot is not withdrawable', () => {
  const ledger = new TestLedger();
  const id = ledger.fund('100');
  ledger.charge('c', '40');
  ledger.fund('60');
  ledger.ok(FINANCE, { kind: 'purchase.dispute', purchase_id: id });
  expect(ledger.credits()).toMatchObject({ available: '20', debt: '0' });
  ledger.ok(SERVICE, { kind: 'charge.refund', charge_id: 'c', id: 'r', amount: 40_000_000n });
  ledger.ok(FINANCE, { kind: 'account.patch', state: 'active' });
  expect(ledger.credits()).toMatchObject({
    available: '60',
    withdrawable: '20',
    expiring: [{ amount: '40', at: '2026-01-31T00:00:00.000Z' }],
  });
});

test('a fee that is not the usual one stands in the section, and a quote brings it there', () => {
  const ledger = new TestLedger({ fee_bps: 450n });
  expect(ledger.rows.at(-1)?.patch.credits).toMatchObject({ card_fee_bps: 450 });
  expect(ledger.purchase(ledger.start('50', 'card'))).toMatchObject({ fee: '2.25', total: '52.25' });
  // Started again with the usual fee: the section of before does not know.
  ledger.setRules({ fee_bps: 300n });
  expect(ledger.purchase(ledger.start('50', 'card')).total).toBe('51.5');
  expect(ledger.rows.at(-1)?.patch.credits).not.toHaveProperty('card_fee_bps');
  ledger.start('50', 'usdc');
  expect(ledger.rows.at(-1)?.patch).not.toHaveProperty('credits');
});
