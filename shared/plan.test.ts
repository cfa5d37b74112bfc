import { expect, test } from 'vitest';
import { modelShare, paceOf, type Plan, planAt, planUse } from './plan.ts';
import { HOUR, toRfc3339 } from './time.ts';

const START = Date.parse('2026-11-21T00:00:00.000Z');
const plan = (used: string, more: Partial<Plan> = {}): Plan => ({
  plan: 'professional',
  title: 'Professional',
  next: null,
  next_at: null,
  cycle: 'daily',
  allowance: '15',
  used,
  start: toRfc3339(START),
  end: toRfc3339(START + 24 * HOUR),
  models: [],
  ...more,
});
const pace = (used: string, hours: number, more: Partial<Plan> = {}) =>
  paceOf(plan(used, more), START + hours * HOUR);

test.each([
  { used: '6', hours: 12, state: 'on_pace', share: 40, expected: 80, out: null },
  { used: '7.5', hours: 12, state: 'on_pace', share: 50, expected: 100, out: null },
  // Twelve credits in twelve hours: the last three go in three more.
  { used: '12', hours: 12, state: 'ahead', share: 80, expected: 160, out: 15 },
  { used: '15', hours: 12, state: 'over', share: 100, expected: 100, out: 12 },
  { used: '18', hours: 12, state: 'over', share: 120, expected: 120, out: 12 },
  { used: '3', hours: 2, state: 'gathering', share: 20, expected: null, out: null },
  { used: '0', hours: 20, state: 'on_pace', share: 0, expected: 0, out: null },
])('$used of 15 after $hours hours', ({ used, hours, state, share, expected, out }) => {
  expect(pace(used, hours)).toEqual({
    state,
    share,
    expected,
    runs_out_at: out === null ? null : START + out * HOUR,
    resets_at: START + 24 * HOUR,
  });
});

test('past the end of its period a section tells of the next one', () => {
  expect(planAt(plan('12'), START + 60 * HOUR)).toMatchObject({
    used: '0',
    start: toRfc3339(START + 48 * HOUR),
    end: toRfc3339(START + 72 * HOUR),
  });
  const february = {
    cycle: 'monthly' as const,
    start: '2026-02-01T00:00:00.000Z',
    end: '2026-03-01T00:00:00.000Z',
  };
  expect(planAt(plan('12', february), Date.parse('2026-04-30T23:00:00.000Z'))).toMatchObject({
    start: '2026-04-01T00:00:00.000Z',
    end: '2026-05-01T00:00:00.000Z',
  });
  expect(pace('15', 36)).toMatchObject({ state: 'on_pace', share: 0, resets_at: START + 48 * HOUR });
});

test('what was charged beyond the pool counts, over 100%, and the models make the whole', () => {
  const use = { input_tokens: 1, output_tokens: 1 };
  const models = [
    { ...use, model: 'a', cost: '12', quota: '9', charged: '3' },
    { ...use, model: 'b', cost: '6', quota: '6', charged: '0' },
  ];
  const over = plan('15', { models });
  expect(planUse(over)).toBe(18_000_000n);
  expect(paceOf(over, START + 12 * HOUR)).toMatchObject({ state: 'over', share: 120, expected: 120 });
  expect(models.map((model) => modelShare(over, model))).toEqual([80, 40]);
});

test('without a pool there is no share', () => {
  const model = { model: 'm', input_tokens: 1, output_tokens: 1, cost: '5', quota: '4.05', charged: '0.95' };
  expect(pace('0', 12, { allowance: '0' })).toMatchObject({ share: null, runs_out_at: null });
  expect(modelShare(plan('4.05'), { ...model, charged: '0', cost: '4.05' })).toBe(27);
  expect(modelShare(plan('0', { allowance: '0' }), model)).toBeNull();
});
