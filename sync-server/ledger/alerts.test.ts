import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Alerts } from '../../shared/alerts.ts';
import { formatAmount } from '../../shared/money.ts';
import { Notice } from '../../shared/notices.ts';
import { DAY, HOUR, toRfc3339 } from '../../shared/time.ts';
import type { AlertLevels } from './command.ts';
import { SERVICE, START, TestLedger, USER } from './test-ledger.ts';

const OFF: AlertLevels = { balance: null, runway_hours: null, plan_share: null, spend_per_day: null };
const set = (ledger: TestLedger, levels: Partial<AlertLevels>) =>
  ledger.ok(USER, { kind: 'alerts.set', levels: { ...OFF, ...levels } });
const shown = (ledger: TestLedger) =>
  Alerts.parse(ledger.rows.findLast(({ patch }) => patch.alerts)?.patch.alerts);
const told = (ledger: TestLedger) =>
  ledger.rows
    .flatMap(({ patch }) => (patch.notices ? [Notice.parse(patch.notices)] : []))
    .flatMap(({ topic, code, facts, created_at }) => (topic === 'alerts' ? [[code, facts, created_at]] : []));

function funded(credits: string): TestLedger {
  const ledger = new TestLedger();
  ledger.fund(credits);
  return ledger;
}

function running(ledger: TestLedger, hours: number): void {
  ledger.ok(USER, {
    kind: 'deployment.create',
    id: 'd1',
    name: 'n',
    type: 'container',
    device: 'L40S',
    quantity: 1,
    hours,
    hourly: 1_000_000n,
  });
  ledger.ok(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'running', at: ledger.now });
}

test('a balance falls under its threshold once, and again after it was clearly above', () => {
  const ledger = funded('30');
  set(ledger, { balance: 20_000_000n });
  ledger.charge('a', '10');
  expect(told(ledger)).toEqual([]);
  ledger.charge('b', '1');
  const first = ['alert_balance', { threshold: '20', value: '19' }, toRfc3339(START)];
  expect(told(ledger)).toEqual([first]);
  expect(shown(ledger).crossed.balance).toBe(toRfc3339(START));
  ledger.charge('c', '1');
  // 20.5 is above, but not clearly: within five percent nothing is armed again.
  ledger.fund('2.5');
  ledger.charge('d', '1');
  expect(told(ledger)).toEqual([first]);
  ledger.fund('2');
  expect(shown(ledger).crossed.balance).toBeNull();
  ledger.charge('e', '2');
  expect(told(ledger)).toEqual([
    first,
    ['alert_balance', { threshold: '20', value: '19.5' }, toRfc3339(START)],
  ]);
});

test('set when it is crossed already, it is told at once; set again alike, not again', () => {
  const ledger = funded('5');
  set(ledger, { balance: 20_000_000n });
  expect(told(ledger)).toHaveLength(1);
  const rows = ledger.rows.length;
  set(ledger, { balance: 20_000_000n });
  expect(ledger.rows).toHaveLength(rows);
  set(ledger, { balance: 20_000_000n, plan_share: 80 });
  expect(told(ledger)).toHaveLength(1);
  set(ledger, { balance: 10_000_000n });
  expect(told(ledger)).toHaveLength(2);
  set(ledger, {});
  expect(shown(ledger).crossed.balance).toBeNull();
});

test('a runway gets short by time alone, at its instant', () => {
  const ledger = funded('100');
  running(ledger, 10);
  // 90 credits after ten booked hours: they end after a hundred.
  set(ledger, { runway_hours: 24 });
  expect(told(ledger)).toEqual([]);
  expect(ledger.due).toBe(START + 10 * HOUR);
  ledger.ok(USER, { kind: 'deployment.extend', id: 'd1', hours: 80 });
  expect(ledger.due).toBe(START + 76 * HOUR + 1);
  ledger.now = START + 80 * HOUR;
  ledger.credits();
  expect(told(ledger)).toEqual([
    [
      'alert_runway',
      { threshold: 24, ends_at: toRfc3339(START + 100 * HOUR) },
      toRfc3339(START + 76 * HOUR + 1),
    ],
  ]);
  ledger.fund('100');
  expect(shown(ledger).crossed.runway_hours).toBeNull();
});

test('credit for what runs counts in its runway, and credit that expires before does not', () => {
  const own = new TestLedger();
  own.grant('g', '110', { services: ['caas'] });
  running(own, 10);
  set(own, { runway_hours: 24 });
  expect(told(own)).toEqual([]);
  set(own, { runway_hours: 105 });
  expect(own.due).toBe(START + (10 + 100 - 105) * HOUR + 1);
  const other = new TestLedger();
  other.fund('10');
  running(other, 10);
  other.grant('g', '100', { services: ['vm'] });
  set(other, { runway_hours: 5 });
  expect(told(other).map(([code]) => code)).toEqual(['alert_runway']);
  const short = new TestLedger();
  short.grant('g', '110', { expires_at: START + 30 * HOUR });
  running(short, 10);
  set(short, { runway_hours: 24 });
  expect(short.due).toBe(START + (30 - 24) * HOUR + 1);
});

test('the plan’s share and the day’s spend are armed again when period and day end', () => {
  const ledger = new TestLedger({ plans: { standard: { allowance: 100n, period_ms: DAY } } });
  ledger.fund('100');
  set(ledger, { plan_share: 80, spend_per_day: 10_000_000n });
  const use = (id: string) =>
    ledger.ok(SERVICE, {
      kind: 'usage',
      id,
      model: 'm',
      input_tokens: 40,
      output_tokens: 0,
      rate: { input: 1_000_000n, output: 0n },
      at: ledger.now,
    });
  for (const day of [0, 1]) {
    ledger.now = START + day * DAY;
    use(`a${day}`);
    use(`b${day}`);
    use(`c${day}`);
    ledger.charge(`x${day}`, '9');
    ledger.charge(`y${day}`, '1');
    ledger.charge(`z${day}`, '1');
  }
  expect(told(ledger).map(([code, facts, at]) => [code, facts, at])).toEqual([
    ['alert_plan', { threshold: 80, value: 80 }, toRfc3339(START)],
    ['alert_spend', { threshold: '10', value: '10.00002' }, toRfc3339(START)],
    ['alert_plan', { threshold: 80, value: 80 }, toRfc3339(START + DAY)],
    ['alert_spend', { threshold: '10', value: '10.00002' }, toRfc3339(START + DAY)],
  ]);
  ledger.now = START + 2 * DAY;
  ledger.credits();
  expect(shown(ledger).crossed).toEqual({
    balance: null,
    runway_hours: null,
    plan_share: null,
    spend_per_day: null,
  });
});

test('a threshold over 100% is crossed by what goes beyond the pool', () => {
  const ledger = new TestLedger({ plans: { standard: { allowance: 100n, period_ms: DAY } } });
  ledger.fund('100');
  set(ledger, { plan_share: 110 });
  const use = (id: string) =>
    ledger.ok(SERVICE, {
      kind: 'usage',
      id,
      model: 'm',
      input_tokens: 40,
      output_tokens: 0,
      rate: { input: 1_000_000n, output: 0n },
      at: ledger.now,
    });
  use('a');
  use('b');
  expect(told(ledger)).toEqual([]);
  use('c');
  use('d');
  expect(told(ledger)).toEqual([['alert_plan', { threshold: 110, value: 120 }, toRfc3339(START)]]);
});

test.each([
  { balance: -1n },
  { runway_hours: 0 },
  { runway_hours: 9000 },
  { plan_share: 0 },
  { plan_share: 50.5 },
  { spend_per_day: 0n },
])('%o is no threshold', (levels) => {
  expect(new TestLedger().code(USER, { kind: 'alerts.set', levels: { ...OFF, ...levels } })).toBe(
    'invalid_request',
  );
});

test('an account without thresholds pays nothing for them', () => {
  const ledger = funded('100');
  set(ledger, {});
  const rows = ledger.rows.length;
  ledger.charge('a', '50');
  expect(ledger.rows).toHaveLength(rows + 1);
  expect(ledger.due).toBeNull();
});

test('law: between two notices of a threshold it was restored', () => {
  fc.assert(
    fc.property(fc.array(fc.bigInt({ min: -9_000_000n, max: 9_000_000n }), { maxLength: 30 }), (moves) => {
      const ledger = funded('25');
      set(ledger, { balance: 20_000_000n });
      let balance = 25_000_000n;
      let [armed, expected] = [true, 0];
      for (const [index, move] of moves.entries()) {
        const amount = move < 0n ? -move : move;
        if (amount === 0n || (move < 0n && balance < amount)) continue;
        balance += move;
        if (move < 0n) ledger.charge(`c${index}`, formatAmount(amount));
        else ledger.grant(`g${index}`, formatAmount(amount));
        if (armed && balance < 20_000_000n) {
          armed = false;
          expected += 1;
        } else if (!armed && balance >= 21_000_000n) armed = true;
      }
      expect(told(ledger)).toHaveLength(expected);
    }),
    { numRuns: 50 },
  );
});
