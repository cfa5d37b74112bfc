import fc from 'fast-check';
import { expect, test } from 'vitest';
import { costOf, keptTime } from '../../shared/clusters.ts';
import { formatAmount, readBalance } from '../../shared/money.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../shared/time.ts';
import type { Command } from './command.ts';
import { FINANCE, SERVICE, START, TestLedger, USER } from './test-ledger.ts';
import { codes, funded, running, says, shown, wish } from './test-deployments.ts';

test('an extension is a charge of its own, and an early end gives it back first', () => {
  const ledger = running({ type: 'container' });
  ledger.now = START + HOUR;
  const said = ledger.ok(USER, { kind: 'deployment.extend', id: 'd1', hours: 2 });
  expect(said).toMatchObject({ hours: 5, paid: '25', ends_at: toRfc3339(START + 5 * HOUR), charged: '10' });
  expect(ledger.history().at(-1)).toBe('usage -10 completed = 75');
  ledger.now = START + 2 * HOUR;
  ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  expect(ledger.history().slice(-2)).toEqual(['refund 10 completed = 85', 'refund 5 completed = 90']);
  expect(shown(ledger)).toMatchObject({ paid: '25', served: '10', refunded: '15', refundable: '0' });
});

test('only what runs is extended, and only with credits', () => {
  const ledger = funded();
  ledger.ok(USER, wish());
  const extend = (hours = 1): Command => ({ kind: 'deployment.extend', id: 'd1', hours });
  expect(ledger.code(USER, extend())).toBe('deployment_state');
  says(ledger, 'running');
  expect(ledger.code(USER, extend(0))).toBe('invalid_request');
  expect(ledger.code(USER, extend(1.5))).toBe('invalid_request');
  expect(ledger.code(USER, extend(9000))).toBe('invalid_request');
  expect(ledger.code(USER, extend(100))).toBe('allowance_exhausted');
  expect(shown(ledger)).toMatchObject({ hours: 3, paid: '15' });
  ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  expect(ledger.code(USER, extend())).toBe('deployment_state');
  expect(ledger.code(USER, { kind: 'deployment.extend', id: 'nope', hours: 1 })).toBe('not_found');
});

test('a provider that fails gives the money back, to the exact time once it ran', () => {
  const early = funded();
  early.ok(USER, wish());
  says(early, 'failed');
  expect(shown(early)).toMatchObject({ status: 'failed', reason: 'provider_failed', held: '0' });
  expect(early.credits().available).toBe('100');
  const late = running();
  late.now = START + 0.5 * HOUR;
  late.ok(SERVICE, {
    kind: 'deployment.status',
    id: 'd1',
    status: 'failed',
    at: late.now,
    reason: 'host lost',
  });
  expect(shown(late)).toMatchObject({
    status: 'failed',
    reason: 'host lost',
    refunded: '12.5',
    served: '2.5',
  });
  expect(codes(late).slice(-2)).toEqual(['refund_arrived', 'deployment_failed']);
});

test('a suspended account loses what is being provisioned, then what runs, until nothing is owed', () => {
  const ledger = funded('30');
  for (const id of ['d1', 'd2']) {
    ledger.ok(USER, wish({ id, type: 'container', hourly: 1_500_000n }));
    says(ledger, 'running', id);
  }
  ledger.ok(USER, wish({ id: 'd3', hourly: 500_000n }));
  ledger.charge('c', '17');
  expect(ledger.credits()).toMatchObject({ available: '-8', held: '3', state: 'grace' });
  ledger.now = START + 5 * MINUTE + 1;
  // Void of d3: 5 are owed. End of d2: five minutes of two devices at 1.50 an hour stay paid, to the millisecond.
  expect(ledger.credits()).toMatchObject({ available: '3.75', state: 'active', held: '0', debt: '0' });
  expect(shown(ledger, 'd3')).toMatchObject({ status: 'failed', reason: 'account_suspended' });
  expect(shown(ledger, 'd2')).toMatchObject({ status: 'termination requested', reason: 'account_suspended' });
  expect(shown(ledger, 'd1')).toMatchObject({ status: 'running', refunded: '0' });
  expect(ledger.history().filter((line) => line.startsWith('refund'))).toEqual([
    'refund 8.75 completed = 3.75',
  ]);
});

test('a debt that refunds cannot pay stops everything', () => {
  const ledger = funded('20');
  ledger.ok(USER, wish({ type: 'container', hours: 1 }));
  says(ledger, 'running');
  ledger.ok(SERVICE, { kind: 'charge', id: 'c', amount: 30_000_000n, service: 'vm', force: true });
  ledger.now = START + HOUR - 1;
  expect(ledger.credits()).toMatchObject({ state: 'suspended', debt: '10.416668' });
  expect(shown(ledger)).toMatchObject({ status: 'termination requested', reason: 'account_suspended' });
  says(ledger, 'terminated');
  expect(shown(ledger)).toMatchObject({ status: 'terminated', refunded: '4.583332' });
});

test('law: whatever is extended and ended when, exactly the kept time is paid', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('vm', 'ray', 'container'),
      fc.bigInt({ min: 1n, max: 3_000_000n }),
      fc.integer({ min: 1, max: 4 }),
      fc.array(
        fc.record({ after: fc.integer({ min: 0, max: HOUR }), hours: fc.integer({ min: 1, max: 3 }) }),
        { maxLength: 3 },
      ),
      fc.integer({ min: 0, max: 8 * HOUR }),
      (type, hourly, quantity, extensions, after) => {
        const ledger = funded('1000');
        ledger.grant('g', '7');
        ledger.ok(USER, wish({ type, hourly, quantity, hours: 3 }));
        says(ledger, 'running');
        let hours = 3;
        for (const extension of extensions) {
          ledger.now += extension.after;
          hours += extension.hours;
          ledger.ok(USER, { kind: 'deployment.extend', id: 'd1', hours: extension.hours });
        }
        ledger.now += after;
        ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
        const served = Math.min(ledger.now - START, hours * HOUR);
        const cost = costOf(hourly, quantity, keptTime(type, served));
        expect(ledger.credits().available).toBe(formatAmount(1_007_000_000n - cost));
        expect(shown(ledger)).toMatchObject({ served_ms: served, refundable: '0' });
      },
    ),
    { numRuns: 60 },
  );
});

test('a chargeback stops everything, whatever the refunds repay', () => {
  const ledger = new TestLedger();
  const paid = ledger.fund('40');
  for (const id of ['d1', 'd2']) {
    ledger.ok(USER, wish({ id, type: 'container' }));
    says(ledger, 'running', id);
  }
  ledger.ok(FINANCE, { kind: 'purchase.dispute', purchase_id: paid });
  expect(ledger.credits()).toMatchObject({ state: 'suspended', debt: '0', available: '0' });
  for (const id of ['d1', 'd2']) {
    expect(shown(ledger, id)).toMatchObject({ status: 'termination requested', refunded: '15' });
  }
});

const move = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    type: fc.constantFrom('vm', 'ray', 'container'),
    hours: fc.integer({ min: 1, max: 5 }),
    hourly: fc.bigInt({ min: 1n, max: 2_000_000n }),
  }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom('deploying', 'running', 'running', 'failed', 'terminated', 'destroyed', 'odd'),
    pick: fc.nat(5),
  }),
  fc.record({ kind: fc.constantFrom('extend' as const, 'end' as const), pick: fc.nat(5) }),
  fc.record({
    kind: fc.constant('wait' as const),
    time: fc.constantFrom(1, MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, DAY),
  }),
  fc.record({
    kind: fc.constantFrom('charge' as const, 'fund' as const, 'promo' as const),
    credits: fc.integer({ min: 1, max: 30 }),
  }),
);

test('law: in any life every deployment’s entries sum to what it kept, and nothing waits for ever', () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      // Every step also checks all invariants of the account.
      const ledger = funded('40');
      const ids: string[] = [];
      const picked = (pick: number) => ids[pick % Math.max(ids.length, 1)] ?? 'none';
      for (const [index, one] of moves.entries()) {
        if (one.kind === 'wait') ledger.now += one.time;
        else if (one.kind === 'create') {
          const { type, hours, hourly } = one;
          const id = `d${index}`;
          if (ledger.code(USER, wish({ id, type, hours, hourly })) === null) ids.push(id);
        } else if (one.kind === 'status') {
          ledger.settle(SERVICE, {
            kind: 'deployment.status',
            id: picked(one.pick),
            status: one.status,
            at: ledger.now,
          });
        } else if ('pick' in one) {
          const id = picked(one.pick);
          const extend: Command = { kind: 'deployment.extend', id, hours: 1 };
          ledger.settle(USER, one.kind === 'extend' ? extend : { kind: 'deployment.end', id });
        } else if (one.kind === 'fund') ledger.fund(String(one.credits));
        else if (one.kind === 'promo')
          ledger.grant(`g${index}`, String(one.credits), { expires_at: ledger.now + HOUR });
        else {
          const charge = { id: `c${index}`, amount: BigInt(one.credits) * 1_000_000n, force: true };
          ledger.settle(SERVICE, { kind: 'charge', service: 'vm', ...charge });
        }
      }
      ledger.now += 30 * DAY;
      ledger.credits();
      for (const id of ids) {
        const cluster = shown(ledger, id);
        const entries = ledger.rows.flatMap(({ patch: { recent } }) => (recent?.ref === id ? [recent] : []));
        const kept = entries.reduce((sum, { amount }) => sum - readBalance(amount), 0n);
        expect(kept).toBe(readBalance(cluster.paid) - readBalance(cluster.refunded));
        expect(kept).toBeGreaterThanOrEqual(readBalance(cluster.served));
        expect(cluster).toMatchObject({
          ended_at: expect.any(String),
          held: '0',
          refundable: '0',
          deadline: null,
        });
      }
      expect(ledger.credits().held).toBe('0');
    }),
    { numRuns: 80 },
  );
});
