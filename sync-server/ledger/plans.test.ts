import { expect, test } from 'vitest';
import { Plan } from '../../shared/plan.ts';
import { DAY, HOUR, type Ms, toRfc3339 } from '../../shared/time.ts';
import { cycleOf, isUpgrade, periodOf } from './quota.ts';
import { SERVICE, START, TestLedger, USER } from './test-ledger.ts';

const RULES = {
  plans: {
    standard: { title: 'Standard', allowance: 100n, period_ms: DAY },
    big: { title: 'Big', allowance: 500n, period_ms: 8 * HOUR },
    week: { allowance: 2_000n, period_ms: DAY, calendar: 'weekly' as const },
  },
};
const at = (text: string): Ms => Date.parse(text);
const shown = (ledger: TestLedger) => Plan.parse(ledger.rows.findLast(({ patch }) => patch.plan)?.patch.plan);
const codes = (ledger: TestLedger) => ledger.rows.flatMap(({ patch }) => patch.notices?.code ?? []);

/** Tokens at one micro each, so that a count is a cost. */
const use = (ledger: TestLedger, id: string, tokens: number, more: { model?: string; at?: Ms } = {}) =>
  ledger.ok(SERVICE, {
    kind: 'usage',
    id,
    model: more.model ?? 'zai-org/GLM-4.6',
    input_tokens: tokens,
    output_tokens: 0,
    rate: { input: 1_000_000n, output: 1_000_000n },
    at: more.at ?? ledger.now,
  });
const choose = (ledger: TestLedger, plan: string) => ledger.ok(USER, { kind: 'plan.choose', plan });

test.each([
  ['weekly', '2026-03-01T23:59:59.999Z', '2026-02-23', '2026-03-02'],
  ['weekly', '2026-03-02T00:00:00.000Z', '2026-03-02', '2026-03-09'],
  ['monthly', '2028-02-29T12:00:00.000Z', '2028-02-01', '2028-03-01'],
  ['monthly', '2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
] as const)('%s period of %s', (calendar, instant, start, end) => {
  expect(periodOf({ allowance: 1n, period_ms: DAY, calendar }, at(instant))).toEqual({
    start: at(start),
    end: at(end),
  });
  expect(cycleOf({ allowance: 1n, period_ms: DAY, calendar })).toBe(calendar);
});

test('bigger is what gives more in the same time', () => {
  const { standard, big, week } = RULES.plans;
  expect([isUpgrade(standard, big), isUpgrade(big, standard), isUpgrade(week, standard)]).toEqual([
    true,
    false,
    false,
  ]);
  expect(isUpgrade(standard, week)).toBe(true);
  expect(isUpgrade(standard, standard)).toBe(true);
});

test('the section tells pool and models, and that it is empty once', () => {
  const ledger = new TestLedger(RULES);
  expect(shown(ledger)).toMatchObject({
    plan: 'standard',
    title: 'Standard',
    cycle: 'daily',
    used: '0',
    models: [],
  });
  ledger.fund('1');
  use(ledger, 'a', 30, { model: 'm1' });
  use(ledger, 'b', 60, { model: 'm2' });
  use(ledger, 'c', 20, { model: 'm1' });
  expect(shown(ledger)).toEqual({
    plan: 'standard',
    title: 'Standard',
    next: null,
    next_at: null,
    cycle: 'daily',
    allowance: '0.0001',
    used: '0.0001',
    start: toRfc3339(START),
    end: toRfc3339(START + DAY),
    models: [
      { model: 'm2', input_tokens: 60, output_tokens: 0, cost: '0.00006', quota: '0.00006', charged: '0' },
      {
        model: 'm1',
        input_tokens: 50,
        output_tokens: 0,
        cost: '0.00005',
        quota: '0.00004',
        charged: '0.00001',
      },
    ],
  });
  use(ledger, 'd', 5);
  expect(codes(ledger).filter((code) => code === 'plan_exhausted')).toHaveLength(1);
  // One row tells the charge, the pool and the balance.
  expect(ledger.rows.at(-1)?.patch).toMatchObject({
    recent: { amount: '-0.000005' },
    plan: { used: '0.0001' },
    credits: { balance: '0.999985' },
  });
});

test('a pool is full again at its instant, and late use counts where it began', () => {
  const ledger = new TestLedger(RULES);
  ledger.fund('1');
  use(ledger, 'a', 80);
  expect(ledger.due).toBe(START + DAY);
  ledger.now = START + DAY;
  use(ledger, 'b', 40, { at: START + DAY - 1 });
  expect(shown(ledger)).toMatchObject({ used: '0', start: toRfc3339(START + DAY), models: [] });
  expect(ledger.credits().balance).toBe('0.99998');
  use(ledger, 'c', 40);
  expect(shown(ledger)).toMatchObject({ used: '0.00004' });
});

test('a bigger plan begins at once, a smaller one when the period ends', () => {
  const ledger = new TestLedger(RULES);
  use(ledger, 'a', 100);
  expect(choose(ledger, 'big')).toMatchObject({ plan: 'big', used: '0', end: toRfc3339(START + 8 * HOUR) });
  use(ledger, 'b', 400);
  expect(choose(ledger, 'standard')).toMatchObject({
    plan: 'big',
    used: '0.0004',
    next: 'standard',
    next_at: toRfc3339(START + 8 * HOUR),
  });
  const rows = ledger.rows.length;
  choose(ledger, 'standard');
  expect(ledger.rows).toHaveLength(rows);
  ledger.now = START + 8 * HOUR - 1;
  expect(use(ledger, 'c', 100)).toMatchObject({ quota: '0.0001', charged: '0' });
  ledger.now = START + 8 * HOUR;
  ledger.credits();
  // Of this day's pool nothing is left: it was used before the bigger plan began.
  expect(shown(ledger)).toMatchObject({ plan: 'standard', next: null, next_at: null, used: '0.0001' });
});

test('choosing the running plan takes a smaller one back', () => {
  const ledger = new TestLedger(RULES);
  choose(ledger, 'big');
  choose(ledger, 'standard');
  expect(choose(ledger, 'big')).toMatchObject({ plan: 'big', next: null });
  ledger.now = START + DAY;
  ledger.credits();
  expect(shown(ledger).plan).toBe('big');
  expect(ledger.due).toBeNull();
});

test('many models: twenty by name, the rest together', () => {
  const ledger = new TestLedger(RULES);
  ledger.fund('1');
  for (let index = 0; index < 25; index += 1) use(ledger, `u${index}`, 10, { model: `m${index}` });
  const { models } = shown(ledger);
  expect(models).toHaveLength(21);
  expect(models[0]).toMatchObject({ model: 'other', input_tokens: 50, charged: '0.00005' });
});
