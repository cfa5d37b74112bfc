import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cluster, costOf, keptTime } from '../../shared/clusters.ts';
import { Notice } from '../../shared/notices.ts';
import { formatAmount, parseAmount, readBalance } from '../../shared/money.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../shared/time.ts';
import type { Command, JsonObject } from './command.ts';
import { FINANCE, SERVICE, START, TestLedger, USER } from './test-ledger.ts';

type Create = Extract<Command, { kind: 'deployment.create' }>;

/** Two devices at 2.50 an hour, for three hours: 15 credits. */
const wish = (more: Partial<Create> = {}): Create => ({
  kind: 'deployment.create',
  id: 'd1',
  name: 'vllm-prod-eu',
  type: 'vm',
  device: 'H100',
  quantity: 2,
  hours: 3,
  hourly: 2_500_000n,
  ...more,
});

function funded(credits = '100'): TestLedger {
  const ledger = new TestLedger();
  ledger.fund(credits);
  return ledger;
}

const says = (ledger: TestLedger, status: string, id = 'd1'): JsonObject =>
  ledger.ok(SERVICE, { kind: 'deployment.status', id, status, at: ledger.now });

function running(more: Partial<Create> = {}): TestLedger {
  const ledger = funded();
  ledger.ok(USER, wish(more));
  says(ledger, 'running');
  return ledger;
}

/** What the book says of a cluster. */
function shown(ledger: TestLedger, id = 'd1'): Cluster {
  const row = ledger.rows.findLast(({ patch }) => patch.clusters?.id === id);
  return Cluster.parse(row?.patch.clusters);
}

const notices = (ledger: TestLedger): Notice[] =>
  ledger.rows.flatMap(({ patch }) => (patch.notices ? [Notice.parse(patch.notices)] : []));
const codes = (ledger: TestLedger) => notices(ledger).map(({ code }) => code);

test('held when it is asked for, captured when it runs, completed when its booked time ends', () => {
  const ledger = funded();
  const made = ledger.ok(USER, wish());
  expect(made).toMatchObject({
    id: 'd1',
    status: 'deployment requested',
    held: '15',
    paid: '0',
    hold: { status: 'authorized', amount: '15' },
  });
  expect(ledger.credits()).toMatchObject({ available: '85', held: '15', balance: '100' });
  says(ledger, 'deploying');
  expect(shown(ledger)).toMatchObject({ status: 'deploying', held: '15', started_at: null });
  ledger.now = START + 20 * MINUTE;
  expect(says(ledger, 'running')).toMatchObject({
    status: 'running',
    paid: '15',
    held: '0',
    refundable: '10',
  });
  expect(ledger.credits()).toMatchObject({ available: '85', held: '0', balance: '85' });
  expect(ledger.history().at(-1)).toBe('usage -15 completed = 85');
  expect(ledger.rows.at(-1)?.patch.recent).toMatchObject({ service: 'vm', ref: 'd1' });
  expect(ledger.due).toBe(START + 20 * MINUTE + 3 * HOUR);
  ledger.now = START + DAY;
  ledger.credits();
  expect(shown(ledger)).toMatchObject({
    status: 'completed',
    ended_at: toRfc3339(START + 20 * MINUTE + 3 * HOUR),
    served: '15',
    served_ms: 3 * HOUR,
    refunded: '0',
    refundable: '0',
  });
  expect(ledger.credits().available).toBe('85');
  expect(codes(ledger).at(-1)).toBe('deployment_ended');
});

test.each([
  // Domain.md 2: three hours prepaid, ended at 1.2 hours, 1.8 hours come back.
  ['vm', 1.2 * HOUR, '9'],
  ['vm', 0.5 * HOUR, '10'],
  ['vm', HOUR, '10'],
  ['container', 0.5 * HOUR, '12.5'],
  ['baremetal', 0, '15'],
  // One millisecond costs 5 / 3,600,000 credits: floored to the micro.
  ['ray', 1, '14.999999'],
] as const)('%s ended after %d ms: %s come back', (type, after, back) => {
  const ledger = running({ type });
  ledger.now = START + after;
  const said = ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  expect(said).toMatchObject({ status: 'termination requested', refunded: back, refundable: '0' });
  expect(ledger.credits().available).toBe(formatAmount(85_000_000n + parseAmount(back)));
  expect(notices(ledger).at(-1)).toMatchObject({
    code: 'refund_arrived',
    subject: 'd1',
    facts: { amount: back, name: 'vllm-prod-eu' },
  });
  const rows = ledger.rows.length;
  expect(ledger.ok(USER, { kind: 'deployment.end', id: 'd1' })).toMatchObject({ refunded: back });
  expect(ledger.rows).toHaveLength(rows);
  ledger.now += MINUTE;
  says(ledger, 'destroyed');
  expect(shown(ledger)).toMatchObject({ status: 'destroyed', ended_at: toRfc3339(START + after) });
});

test('a stop that nobody confirms ends by itself after an hour', () => {
  const ledger = running();
  ledger.now = START + 2 * HOUR;
  ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  expect(ledger.due).toBe(START + 3 * HOUR);
  ledger.now = START + 3 * HOUR;
  ledger.credits();
  expect(shown(ledger)).toMatchObject({
    status: 'terminated',
    served_ms: 2 * HOUR,
    ended_at: toRfc3339(START + 2 * HOUR),
  });
  expect(ledger.due).toBeNull();
});

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

test('without enough credits it waits five minutes, and a top-up starts it', () => {
  const ledger = funded('1');
  const said = ledger.ok(USER, wish());
  expect(said).toMatchObject({
    status: 'unpaid',
    deadline: toRfc3339(START + 5 * MINUTE),
    shortfall: '14',
    hold: { status: 'pending_payment', top_up: { crypto: { total: '14' } } },
  });
  expect(notices(ledger).at(-1)).toMatchObject({ code: 'deployment_unpaid', facts: { shortfall: '14' } });
  expect(ledger.code(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'running', at: START })).toBe(
    'hold_not_open',
  );
  ledger.now = START + 5 * MINUTE;
  ledger.fund('14');
  expect(shown(ledger)).toMatchObject({
    status: 'deployment requested',
    held: '15',
    deadline: null,
    shortfall: null,
  });
});

test('not topped up in time it fails; told to fail at once it never is', () => {
  const ledger = funded('1');
  ledger.ok(USER, wish());
  ledger.now = START + 5 * MINUTE + 1;
  expect(ledger.credits()).toMatchObject({ available: '1', held: '0' });
  expect(shown(ledger)).toMatchObject({ status: 'failed', reason: 'grace_expired' });
  expect(notices(ledger).at(-1)).toMatchObject({
    code: 'deployment_failed',
    facts: { reason: 'grace_expired' },
  });
  expect(ledger.code(USER, wish({ id: 'd2', on_insufficient: 'fail' }))).toBe('insufficient_credits');
});

test('cancelled before it runs, everything is free again', () => {
  for (const credits of ['100', '1']) {
    const ledger = funded(credits);
    ledger.ok(USER, wish());
    expect(ledger.ok(USER, { kind: 'deployment.end', id: 'd1' })).toMatchObject({
      status: 'failed',
      reason: 'cancelled',
      hold: { status: 'void' },
    });
    expect(ledger.credits()).toMatchObject({ available: credits, held: '0' });
    expect(codes(ledger)).not.toContain('deployment_failed');
  }
});

test('a provider that never comes loses the hold; one that is at work keeps it for a day', () => {
  const silent = funded();
  silent.ok(USER, wish());
  silent.now = START + 15 * MINUTE + 1;
  expect(silent.credits()).toMatchObject({ available: '100', held: '0' });
  expect(shown(silent)).toMatchObject({ status: 'failed', reason: 'hold_expired' });
  const slow = funded();
  slow.ok(USER, wish());
  says(slow, 'deploying');
  slow.now = START + DAY;
  expect(says(slow, 'running')).toMatchObject({ paid: '15', started_at: toRfc3339(START + DAY) });
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

test('unknown words are kept as they come, late and repeated ones change nothing', () => {
  const ledger = running();
  says(ledger, 'hibernating');
  expect(shown(ledger)).toMatchObject({ status: 'hibernating', paid: '15' });
  says(ledger, 'running');
  const rows = ledger.rows.length;
  says(ledger, 'running');
  expect(ledger.rows).toHaveLength(rows);
  ledger.now = START + HOUR;
  says(ledger, 'terminated');
  expect(shown(ledger)).toMatchObject({ status: 'terminated', refunded: '10' });
  says(ledger, 'running');
  expect(shown(ledger).status).toBe('terminated');
  says(ledger, 'destroyed');
  expect(shown(ledger)).toMatchObject({ status: 'destroyed', refunded: '10' });
  expect(ledger.code(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'unpaid', at: START })).toBe(
    'invalid_request',
  );
});

test('the provider’s instant counts, within what can be true', () => {
  const ledger = funded();
  ledger.ok(USER, wish());
  ledger.now = START + 10 * MINUTE;
  ledger.ok(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'running', at: START + 4 * MINUTE });
  expect(shown(ledger)).toMatchObject({
    started_at: toRfc3339(START + 4 * MINUTE),
    ends_at: toRfc3339(START + 4 * MINUTE + 3 * HOUR),
    served_ms: 6 * MINUTE,
  });
  ledger.ok(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'terminated', at: START + DAY });
  expect(shown(ledger).ended_at).toBe(toRfc3339(START + 10 * MINUTE));
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

test('the same request is one deployment, another one under its id is refused', () => {
  const ledger = funded();
  const first = ledger.ok(USER, wish());
  expect(ledger.settle(USER, wish(), { key: 'another-key-of-16' })).toMatchObject({
    ok: true,
    answer: first,
  });
  expect(ledger.code(USER, wish({ hours: 4 }))).toBe('duplicate_id');
  expect(ledger.code(USER, wish({ id: 'd3', hours: 0 }))).toBe('invalid_request');
  expect(ledger.code(USER, wish({ id: 'd3', quantity: 1.5 }))).toBe('invalid_request');
  expect(ledger.code(USER, wish({ id: 'd3', name: '' }))).toBe('invalid_request');
  expect(ledger.code(USER, wish({ id: 'd3', hourly: 999_999_000_000n }))).toBe('amount_too_large');
  expect(ledger.credits().held).toBe('15');
});

test('a notice is seen once, for all devices', () => {
  const ledger = running();
  ledger.ok(USER, { kind: 'deployment.end', id: 'd1' });
  const id = notices(ledger).at(-1)?.id ?? '';
  ledger.now = START + HOUR;
  expect(ledger.ok(USER, { kind: 'notice.seen', id })).toMatchObject({
    id,
    seen_at: toRfc3339(START + HOUR),
  });
  const rows = ledger.rows.length;
  ledger.now = START + 2 * HOUR;
  expect(ledger.ok(USER, { kind: 'notice.seen', id })).toMatchObject({ seen_at: toRfc3339(START + HOUR) });
  expect(ledger.rows).toHaveLength(rows);
  expect(ledger.code(USER, { kind: 'notice.seen', id: 'nope' })).toBe('not_found');
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

test('a hundred deployments may be open at once, no more', () => {
  const ledger = funded('2000');
  for (let n = 0; n < 100; n += 1) ledger.ok(USER, wish({ id: `d${n}` }));
  expect(ledger.code(USER, wish({ id: 'more' }))).toBe('rate_limited');
  ledger.ok(USER, { kind: 'deployment.end', id: 'd0' });
  ledger.ok(USER, wish({ id: 'more' }));
});
