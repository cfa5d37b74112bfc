import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { expect, test } from 'vitest';
import { Credits, Entry, Purchase, Withdrawal } from '../../shared/account.ts';
import { chainInput, NO_HASH } from '../../shared/chain.ts';
import { HOUR } from '../../shared/time.ts';
import type { Command, Order, Outcome, ProblemCode } from './command.ts';
import { apply, decide, DEFAULT_RULES, fingerprint, isStored, keyOf } from './decide.ts';
import { FINANCE, SERVICE, START, SYSTEM, TestLedger, USER } from './test-ledger.ts';

const charge: Command = { kind: 'charge', id: 'c', amount: 10_000_000n, service: 'vm' };
const order = (command: Command, more: Partial<Order> = {}): Order => ({
  account: 'u',
  actor: SERVICE,
  command,
  ...more,
});
const context = { now: START, id: () => 'id', rules: DEFAULT_RULES };

test('an account that was never opened is not found, whatever is asked', () => {
  const { changes, outcome } = decide(null, order(charge), context);
  expect(changes).toBeNull();
  expect(outcome).toMatchObject({ ok: false, problem: { code: 'not_found' }, seq: 0 });
  expect(isStored(outcome)).toBe(false);
});

test('opening tells every section that there is in the first row, again changes nothing', () => {
  const open = order({ kind: 'account.open', name: 'Ann' }, { actor: SYSTEM });
  const { changes, outcome } = decide(null, open, context);
  expect(
    changes?.rows.map(({ seq, patch }) => [seq, Object.keys(patch).toSorted((a, b) => (a < b ? -1 : 1))]),
  ).toEqual([[1, ['alerts', 'credits', 'plan', 'profile', 'tasks', 'terms']]]);
  if (!changes) throw new Error('nothing decided');
  const again = decide(apply(null, changes), open, context);
  expect(again.changes).toBeNull();
  expect(again.outcome).toEqual(outcome);
});

test('a refusal over HTTP writes nothing, a proposal learns it from the journal', () => {
  const ledger = new TestLedger();
  const before = ledger.state;
  expect(ledger.settle(SERVICE, charge)).toMatchObject({ ok: false, seq: before.head.seq });
  expect(ledger.state).toBe(before);
  const start: Command = { kind: 'purchase.start', amount: 5n, method: 'usdc' };
  const outcome = ledger.settle(USER, start, { intent: 'i-1' });
  expect(outcome).toMatchObject({ ok: false, seq: 2, problem: { code: 'amount_below_minimum' } });
  expect(ledger.rows.at(-1)).toMatchObject({
    seq: 2,
    n: 1,
    patch: {
      recent: {
        n: 1,
        type: 'refused',
        amount: '0',
        balance: '0',
        code: 'amount_below_minimum',
        intent: 'i-1',
      },
      answers: { intent: 'i-1', seq: 2, code: 'amount_below_minimum' },
    },
  });
  expect(ledger.rows.at(-1)?.patch.credits).toBeUndefined();
});

test('an accepted proposal is answered by the row that shows it, or by one of its own', () => {
  const ledger = new TestLedger();
  ledger.settle(USER, { kind: 'purchase.start', amount: 5_000_000n, method: 'usdc' }, { intent: 'i-1' });
  expect(ledger.rows.at(-1)?.patch).toMatchObject({
    answers: { intent: 'i-1', seq: 2 },
    purchases: { credits: '5' },
  });
  ledger.settle(USER, { kind: 'tick' }, { intent: 'i-2' });
  expect(ledger.rows.at(-1)?.patch).toEqual({ answers: { intent: 'i-2', seq: 3 } });
});

test('what was due stays, also when the order after it is refused', () => {
  const ledger = new TestLedger();
  ledger.grant('g', '5', { expires_at: START + HOUR });
  ledger.now = START + HOUR;
  expect(ledger.settle(SERVICE, charge)).toMatchObject({ ok: false, seq: 3 });
  expect(ledger.history().at(-1)).toBe('expiry -5 completed = 0');
  expect(ledger.transfers.at(-1)?.meta).toMatchObject({
    actor: { principal: 'ledger', scope: 'system' },
    key: null,
  });
});

test('commit time never runs back', () => {
  const ledger = new TestLedger();
  ledger.now = START + HOUR;
  ledger.grant('g', '5');
  ledger.now = START;
  ledger.charge('c', '1');
  expect(ledger.rows.slice(-2).map(({ at }) => at)).toEqual([START + HOUR, START + HOUR]);
  expect(ledger.state.head.at).toBe(START + HOUR);
});

test('every row fits the book, the chain can be recomputed, and entries add up to the balance', () => {
  const ledger = new TestLedger();
  ledger.fund('100', 'card');
  ledger.grant('g', '30');
  ledger.charge('c', '120');
  ledger.ok(SERVICE, { kind: 'charge.refund', charge_id: 'c', id: 'r', amount: 60_000_000n });
  ledger.hold('h', '20');
  const id = ledger.made(USER, { kind: 'withdrawal.request', amount: 1_000_000n, wallet_address: '0x1' });
  ledger.ok(USER, { kind: 'withdrawal.cancel', id });
  let [hashed, n, sum] = [NO_HASH, 0, 0];
  for (const [index, row] of ledger.rows.entries()) {
    const { recent, credits, purchases, withdrawals } = row.patch;
    expect(row.seq).toBe(index + 1);
    if (credits) expect(Credits.parse(credits)).toEqual({ ...credits, seq: row.seq });
    if (purchases) Purchase.parse(purchases);
    if (withdrawals) Withdrawal.parse(withdrawals);
    if (recent) {
      n += 1;
      sum += Number(recent.amount);
      expect(Entry.parse(recent)).toMatchObject({ n, balance: String(sum) });
      const meta = ledger.transfers.find((transfer) => transfer.id === recent.id)?.meta;
      expect(row.private_digest).toBe(hash('sha256', canonicalize(meta) ?? ''));
      hashed = hash('sha256', chainInput(hashed, recent, row.private_digest ?? ''));
      if (credits) expect(credits.balance).toBe(recent.balance);
    }
    expect(row).toMatchObject({ n, hash: hashed });
  }
  expect(ledger.state.head).toMatchObject({ seq: ledger.rows.length, n, hash: hashed });
  expect(n).toBe(6);
});

test('a caller’s id is the key when no key is sent', () => {
  expect(keyOf(order(charge))).toEqual({ key: 'c', by: 'id' });
  expect(keyOf(order(charge, { key: 'k'.repeat(16) }))).toEqual({ key: 'k'.repeat(16), by: 'header' });
  expect(keyOf(order({ kind: 'tick' }))).toBeNull();
});

test('a fingerprint tells wishes apart, not how they came', () => {
  const same = fingerprint(order(charge));
  expect(same).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprint(order(charge, { actor: FINANCE, key: 'k', intent: 'i' }))).toBe(same);
  expect(fingerprint(order({ service: 'vm', amount: 10_000_000n, id: 'c', kind: 'charge' }))).toBe(same);
  expect(fingerprint(order({ ...charge, amount: 10_000_001n }))).not.toBe(same);
  expect(fingerprint(order(charge, { account: 'v' }))).not.toBe(same);
});

test('what was executed is final for its key, what never ran is not', () => {
  const refused = (code: ProblemCode): Outcome => ({
    ok: false,
    problem: { code, detail: '' },
    seq: 1,
    replayed: false,
  });
  expect(isStored({ ok: true, answer: {}, seq: 1, replayed: false })).toBe(true);
  const final: ProblemCode[] = [
    'insufficient_credits',
    'allowance_exhausted',
    'hold_not_open',
    'withdrawal_state',
  ];
  const open: ProblemCode[] = [
    'invalid_amount',
    'unauthenticated',
    'forbidden',
    'account_suspended',
    'rate_limited',
    'retry_later',
  ];
  expect(final.map((code) => isStored(refused(code)))).toEqual(final.map(() => true));
  expect(open.map((code) => isStored(refused(code)))).toEqual(open.map(() => false));
});

test('metadata and key of an order stand beside the money, never in what a book shows', () => {
  const ledger = new TestLedger();
  ledger.fund('20');
  ledger.settle(SERVICE, charge, { key: 'secret-key-of-16' });
  expect(ledger.transfers.at(-1)?.meta).toEqual({
    actor: { principal: 'vm-service', scope: 'service' },
    key: 'secret-key-of-16',
    metadata: { of: 'charge:c' },
  });
  expect(JSON.stringify(ledger.rows)).not.toMatch(/secret-key|vm-service/);
});
