import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR } from '../../shared/time.ts';
import { carry, metered } from './metering.ts';
import { periodOf, share } from './quota.ts';
import { SERVICE, START, TestLedger, USER } from './test-ledger.ts';

const used = (id: string, tokens: number, more: { at?: number; model?: string } = {}) =>
  ({
    kind: 'usage',
    id,
    model: more.model ?? 'openai/gpt-oss-120b',
    input_tokens: tokens,
    output_tokens: 0,
    rate: { input: 150_000n, output: 600_000n },
    at: more.at ?? START,
  }) as const;

const POOL = {
  plans: { standard: { allowance: 100n, period_ms: DAY }, big: { allowance: 500n, period_ms: 8 * HOUR } },
};

test('law: however often it is billed, the sum is the price of the whole, floored (M6)', () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: 0n, max: 5_000n })),
      fc.bigInt({ min: 1n, max: 10_000_000n }),
      (parts, price) => {
        const whole = parts.reduce((sum, part) => sum + part, 0n);
        let [before, billed, rest, carried] = [0n, 0n, 0n, 0n];
        for (const part of parts) {
          billed += metered(before, part, price, 3600n);
          before += part;
          const step = carry(rest, part * price, 3600n);
          carried += step.due;
          rest = step.rest;
        }
        expect(billed).toBe((whole * price) / 3600n);
        expect(carried).toBe(billed);
      },
    ),
  );
});

test('periods are UTC days and thirds of days', () => {
  const at = Date.parse('2026-03-05T15:59:59.999Z');
  expect(periodOf({ allowance: 1n, period_ms: 8 * HOUR }, at)).toEqual({
    start: Date.parse('2026-03-05T08:00:00.000Z'),
    end: Date.parse('2026-03-05T16:00:00.000Z'),
  });
  expect(periodOf({ allowance: 1n, period_ms: DAY }, at).start).toBe(Date.parse('2026-03-05T00:00:00.000Z'));
});

test('the pool pays first, what is over is charged', () => {
  expect(share({ allowance: 100n, period_ms: DAY }, 70n, 50n)).toEqual({ quota: 30n, over: 20n });
  expect(share({ allowance: 100n, period_ms: DAY }, 170n, 50n)).toEqual({ quota: 0n, over: 50n });
});

test('usage takes the pool, then credits, and never loses a part of a micro', () => {
  const ledger = new TestLedger(POOL);
  ledger.fund('1');
  expect(ledger.ok(SERVICE, used('a', 600))).toEqual({
    id: 'a',
    cost: '0.00009',
    quota: '0.00009',
    charged: '0',
  });
  expect(ledger.ok(SERVICE, used('b', 203))).toEqual({
    id: 'b',
    cost: '0.00003',
    quota: '0.00001',
    charged: '0.00002',
  });
  // 803 tokens are 120.45 micros: the rest of 0.45 and 1.05 more make one.
  expect(ledger.ok(SERVICE, used('c', 7))).toMatchObject({ cost: '0.000001', charged: '0.000001' });
  expect(ledger.history().slice(1)).toEqual([
    'usage -0.00002 completed = 0.99998',
    'usage -0.000001 completed = 0.999979',
  ]);
  expect(ledger.rows.at(-1)?.patch.recent).toMatchObject({
    service: 'inference',
    ref: 'openai/gpt-oss-120b',
  });
});

test('the same report twice counts once, another with its id is refused', () => {
  const ledger = new TestLedger(POOL);
  ledger.ok(SERVICE, used('a', 600));
  expect(ledger.settle(SERVICE, used('a', 600), { key: 'another-key-of-16' })).toMatchObject({ ok: true });
  expect(ledger.code(SERVICE, used('a', 601))).toBe('duplicate_id');
  expect(ledger.ok(SERVICE, used('b', 600))).toMatchObject({ quota: '0.00001', charged: '0.00008' });
});

test('a report belongs to the period of its start, up to seven days back', () => {
  const ledger = new TestLedger(POOL);
  ledger.now = START + 7 * DAY;
  expect(ledger.ok(SERVICE, used('a', 1000))).toMatchObject({ quota: '0.0001', charged: '0.00005' });
  expect(ledger.ok(SERVICE, used('b', 1000, { at: START + DAY }))).toMatchObject({ quota: '0.0001' });
  expect(ledger.code(SERVICE, used('c', 1, { at: START - 1 }))).toBe('invalid_request');
  expect(ledger.code(SERVICE, used('d', 1, { at: START + 8 * DAY }))).toBe('invalid_request');
  expect(ledger.code(SERVICE, used('e', 1.5))).toBe('invalid_request');
});

test('usage happened, so it posts below any floor', () => {
  const ledger = new TestLedger(POOL);
  ledger.ok(SERVICE, used('a', 100_000_000));
  expect(ledger.credits()).toMatchObject({ available: '-14.9999', state: 'grace' });
});

test('another plan has a pool of its own', () => {
  const ledger = new TestLedger(POOL);
  ledger.ok(SERVICE, used('a', 1000));
  expect(ledger.ok(USER, { kind: 'plan.choose', plan: 'big' })).toMatchObject({ plan: 'big', used: '0' });
  expect(ledger.ok(SERVICE, used('b', 1000))).toMatchObject({ quota: '0.00015' });
  expect(ledger.code(USER, { kind: 'plan.choose', plan: 'toString' })).toBe('invalid_request');
});

const batch = (uses: [id: string, tokens: number, at?: number][]) =>
  ({
    kind: 'usage.batch',
    model: 'openai/gpt-oss-120b',
    rate: { input: 150_000n, output: 600_000n },
    uses: uses.map(([id, tokens, at = START]) => ({ id, input_tokens: tokens, output_tokens: 0, at })),
  }) as const;

test('a batch posts once, quota first, and each piece answers for itself', () => {
  const ledger = new TestLedger(POOL);
  ledger.fund('10');
  const rows = ledger.history().length;
  const answer = ledger.ok(
    SERVICE,
    batch([
      ['a', 400],
      ['b', 400],
      ['a', 400],
      ['c', -1],
      ['d', 400, START - 8 * DAY],
      ['e', 400],
    ]),
  );
  // 400 tokens at 0.15 per million are 60 micros; the pool of the day gives 100.
  expect(answer).toEqual({
    items: [
      { id: 'a', cost: '0.00006', quota: '0.00006', charged: '0', status: 'posted' },
      { id: 'b', cost: '0.00006', quota: '0.00004', charged: '0.00002', status: 'posted' },
      { id: 'a', cost: '0.00006', quota: '0.00006', charged: '0', status: 'duplicate' },
      { id: 'c', status: 'refused', code: 'invalid_request', detail: 'Token counts are whole numbers.' },
      { id: 'd', status: 'refused', code: 'invalid_request', detail: 'Usage is reported within seven days.' },
      { id: 'e', cost: '0.00006', quota: '0', charged: '0.00006', status: 'posted' },
    ],
  });
  expect(ledger.history().slice(rows)).toEqual(['usage -0.00008 completed = 9.99992']);

  const again = ledger.ok(
    SERVICE,
    batch([
      ['b', 400],
      ['e', 401],
      ['f', 0],
    ]),
  );
  expect(again).toMatchObject({
    items: [
      { id: 'b', status: 'duplicate' },
      { id: 'e', status: 'refused', code: 'duplicate_id' },
      { status: 'posted' },
    ],
  });
  expect(ledger.history()).toHaveLength(rows + 1);
});

test('law: in whichever batches use is reported, the total charged is the same', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 12 }),
      fc.nat({ max: 12 }),
      (tokens, cut) => {
        const totals = [tokens.length, cut].map((at) => {
          const ledger = new TestLedger(POOL);
          ledger.fund('10');
          const uses = tokens.map((count, index): [string, number] => [`u${index}`, count]);
          for (const part of [uses.slice(0, at), uses.slice(at)]) ledger.ok(SERVICE, batch(part));
          return ledger.credits().balance;
        });
        expect(new Set(totals).size).toBe(1);
      },
    ),
    { numRuns: 50 },
  );
});
