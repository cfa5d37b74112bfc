// Grace windows and timers: a server that was late ends where one that was not does (rules.md section 8, X18-X20).
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MINUTE, toRfc3339 } from '../../shared/time.ts';
import { FINANCE, SERVICE, START, SYSTEM, TestLedger } from './test-ledger.ts';

test('going below zero opens five minutes of grace that more use does not extend', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('a', '6');
  const until = START + 5 * MINUTE;
  expect(ledger.credits()).toMatchObject({ state: 'grace', grace_until: toRfc3339(until), available: '-1' });
  ledger.now += MINUTE;
  ledger.charge('b', '1');
  expect(ledger.credits().grace_until).toBe(toRfc3339(until));
  ledger.now = until + 1;
  expect(ledger.credits()).toMatchObject({
    state: 'suspended',
    suspended_for: 'unpaid',
    grace_until: null,
    allowance: '0',
  });
});

test('a top-up at the last instant wins, one millisecond later it lifts a suspension', () => {
  for (const [late, rows] of [
    [0, ['grace', 'active']],
    [1, ['grace', 'suspended', 'active']],
  ] as const) {
    const ledger = new TestLedger();
    ledger.fund('5');
    ledger.charge('a', '6');
    const seen = ledger.rows.length - 1;
    ledger.now += 5 * MINUTE + late;
    ledger.fund('1');
    expect(ledger.rows.slice(seen).flatMap(({ patch }) => patch.credits?.state ?? [])).toEqual(rows);
  }
});

test('finance closes and reopens an account; debt left then opens a new window', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('a', '6');
  ledger.ok(FINANCE, { kind: 'account.patch', state: 'closed' });
  ledger.now += 60 * MINUTE;
  expect(ledger.credits()).toMatchObject({ state: 'closed' });
  ledger.ok(FINANCE, { kind: 'account.patch', state: 'active' });
  expect(ledger.credits()).toMatchObject({ state: 'grace', grace_until: toRfc3339(ledger.now + 5 * MINUTE) });
});

test('another allowance counts at once, also for who waits', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.hold('h', '25');
  expect(ledger.credits().held).toBe('0');
  ledger.ok(FINANCE, { kind: 'account.patch', allowance: 20_000_000n });
  expect(ledger.credits()).toMatchObject({ allowance: '20', held: '25', available: '-20' });
  expect(ledger.code(SERVICE, { kind: 'account.patch', allowance: 0n })).toBe('forbidden');
  expect(ledger.code(FINANCE, { kind: 'account.patch', allowance: -1n })).toBe('invalid_amount');
});

type Step = (ledger: TestLedger, name: string) => unknown;
const steps: Step[] = [
  (ledger) => ledger.fund('20'),
  (ledger, name) => ledger.grant(name, '7', { expires_at: ledger.now + 7 * MINUTE }),
  (ledger, name) => ledger.settle(SERVICE, { kind: 'charge', id: name, amount: 12_000_000n, service: 'vm' }),
  (ledger, name) =>
    ledger.settle(SERVICE, { kind: 'hold.authorize', id: name, amount: 16_000_000n, service: 'vm' }),
];

test('a late server gives the same result as a prompt one', () => {
  const script = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 20 * MINUTE }), fc.nat({ max: steps.length - 1 })),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(script, (lines) => {
      const [late, prompt] = [new TestLedger(), new TestLedger()];
      for (const [index, [wait, step]] of lines.entries()) {
        const until = late.now + wait;
        while (prompt.due !== null && prompt.due <= until) {
          prompt.now = prompt.due;
          prompt.settle(SYSTEM, { kind: 'tick' });
        }
        for (const ledger of [late, prompt]) {
          ledger.now = until;
          steps[step]?.(ledger, `n${index}`);
        }
      }
      const told = (ledger: TestLedger) => ledger.rows.map(({ patch }) => [patch.recent?.at, patch.credits]);
      expect(late.history()).toEqual(prompt.history());
      expect(told(late)).toEqual(told(prompt));
      expect(late.due).toBe(prompt.due);
    }),
    { numRuns: 300 },
  );
});
