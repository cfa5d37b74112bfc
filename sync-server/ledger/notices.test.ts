import { expect, test } from 'vitest';
import { Notice, NOTICES } from '../../shared/notices.ts';
import { Terms } from '../../shared/terms.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../shared/time.ts';
import { DEFAULT_RULES } from './decide.ts';
import { FINANCE, SERVICE, START, SYSTEM, TestLedger, USER } from './test-ledger.ts';

const notices = (ledger: TestLedger): Notice[] =>
  ledger.rows.flatMap(({ patch }) => (patch.notices ? [Notice.parse(patch.notices)] : []));
const told = (ledger: TestLedger) => notices(ledger).map(({ code, facts }) => [code, facts]);
const codes = (ledger: TestLedger) => notices(ledger).map(({ code }) => code);

test('every notice has its topic and priority, and starts unseen', () => {
  const ledger = new TestLedger();
  const id = ledger.fund('20');
  expect(notices(ledger)).toEqual([
    {
      id: expect.any(String),
      code: 'purchase_settled',
      ...NOTICES.purchase_settled,
      created_at: toRfc3339(START),
      seen_at: null,
      subject: id,
      facts: { amount: '20', method: 'usdc' },
    },
  ]);
  const row = ledger.rows.at(-1);
  expect(row?.patch).toMatchObject({ recent: { type: 'purchase' }, credits: { balance: '20' } });
});

test('below zero, in time and too late', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('c', '12');
  expect(told(ledger).at(-1)).toEqual(['grace_started', { until: toRfc3339(START + 5 * MINUTE), debt: '7' }]);
  ledger.fund('7');
  expect(codes(ledger).slice(-2)).toEqual(['purchase_settled', 'grace_ended']);
  ledger.charge('c2', '1');
  ledger.now = START + 5 * MINUTE + 1;
  ledger.credits();
  expect(told(ledger).at(-1)).toEqual(['account_suspended', { reason: 'unpaid', debt: '1' }]);
});

test('a refund, a failed payment and a chargeback', () => {
  const ledger = new TestLedger();
  const paid = ledger.fund('20');
  ledger.charge('c', '5');
  ledger.ok(SERVICE, { kind: 'charge.refund', charge_id: 'c', id: 'r', amount: 2_000_000n });
  expect(told(ledger).at(-1)).toEqual(['refund_arrived', { amount: '2', service: 'vm' }]);
  const id = ledger.start('3', 'card');
  ledger.ok(SYSTEM, { kind: 'payment.failed', purchase_id: id, payment_id: 'p', provider: 'stripe' });
  expect(told(ledger).at(-1)).toEqual(['purchase_failed', { amount: '3', method: 'card' }]);
  ledger.ok(FINANCE, { kind: 'purchase.dispute', purchase_id: paid });
  expect(told(ledger).slice(-2)).toEqual([
    ['purchase_charged_back', { amount: '20' }],
    ['account_suspended', { reason: 'chargeback', debt: '3' }],
  ]);
});

test('a withdrawal is told of when it is decided, not when its owner takes it back', () => {
  const ledger = new TestLedger();
  ledger.fund('50');
  const ask = () =>
    ledger.made(USER, { kind: 'withdrawal.request', amount: 10_000_000n, wallet_address: '0x1' });
  ledger.ok(USER, { kind: 'withdrawal.cancel', id: ask() });
  expect(codes(ledger)).toEqual(['purchase_settled']);
  ledger.ok(FINANCE, { kind: 'withdrawal.reject', id: ask(), reason: 'wrong network' });
  expect(told(ledger).at(-1)).toEqual(['withdrawal_rejected', { amount: '10', reason: 'wrong network' }]);
  for (const end of ['paid', 'fail'] as const) {
    const id = ask();
    ledger.ok(FINANCE, { kind: 'withdrawal.approve', id });
    ledger.ok(FINANCE, { kind: 'withdrawal.send', id });
    if (end === 'paid')
      ledger.ok(FINANCE, { kind: 'withdrawal.paid', id, tx_url: 'https://chain.example/1' });
    else ledger.ok(FINANCE, { kind: 'withdrawal.fail', id });
  }
  expect(codes(ledger).slice(-4)).toEqual([
    'withdrawal_approved',
    'withdrawal_paid',
    'withdrawal_approved',
    'withdrawal_failed',
  ]);
});

test('a promo is announced, warned of three days before it ends, once, and told when it is gone', () => {
  const ledger = new TestLedger();
  const ends = START + 10 * DAY;
  ledger.grant('g', '5', { expires_at: ends });
  ledger.grant('short', '1', { expires_at: START + 2 * DAY });
  expect(told(ledger)[0]).toEqual([
    'promo_received',
    { amount: '5', source: 'promo', expires_at: toRfc3339(ends) },
  ]);
  ledger.now = START + 3 * DAY;
  ledger.charge('c', '2');
  expect(ledger.credits().next_change_at).toBe(toRfc3339(ends));
  expect(ledger.due).toBe(START + 7 * DAY);
  ledger.now = START + 8 * DAY;
  ledger.credits();
  ledger.now = START + 11 * DAY;
  ledger.credits();
  expect(
    notices(ledger)
      .slice(2)
      .map(({ code, facts, created_at }) => [code, facts['amount'], created_at]),
  ).toEqual([
    ['promo_expired', '1', toRfc3339(START + 2 * DAY)],
    ['promo_expiring', '3', toRfc3339(START + 7 * DAY)],
    ['promo_expired', '3', toRfc3339(ends)],
  ]);
});

test('the current terms are accepted, others are not; new ones are told of once', () => {
  const rules = { ...DEFAULT_RULES, terms: { version: 'v1', published_at: START } };
  const ledger = new TestLedger(rules);
  const terms = () => Terms.parse(ledger.rows.findLast(({ patch }) => patch.terms)?.patch.terms);
  expect(terms()).toEqual({
    version: 'v1',
    published_at: toRfc3339(START),
    accepted: null,
    accepted_at: null,
  });
  expect(ledger.code(USER, { kind: 'terms.accept', version: 'v0' })).toBe('version_conflict');
  ledger.now = START + HOUR;
  ledger.ok(USER, { kind: 'terms.accept', version: 'v1' });
  expect(terms()).toMatchObject({ accepted: 'v1', accepted_at: toRfc3339(START + HOUR) });
  const rows = ledger.rows.length;
  ledger.ok(USER, { kind: 'terms.accept', version: 'v1' });
  expect(ledger.rows).toHaveLength(rows);
  ledger.setRules({ terms: { version: 'v2', published_at: START + DAY } });
  ledger.now = START + DAY;
  ledger.credits();
  ledger.credits();
  expect(told(ledger)).toEqual([['terms_updated', { version: 'v2' }]]);
  expect(terms()).toMatchObject({ version: 'v2', accepted: 'v1' });
  ledger.ok(USER, { kind: 'terms.accept', version: 'v2' });
  expect(terms()).toMatchObject({ accepted: 'v2' });
});
