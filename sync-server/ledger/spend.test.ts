import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../../shared/account.ts';
import { formatAmount } from '../../shared/money.ts';
import { Spend, spendNow } from '../../shared/spend.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../shared/time.ts';
import { SERVICE, START, TestLedger } from './test-ledger.ts';

const shown = (ledger: TestLedger) =>
  Spend.parse(ledger.rows.findLast(({ patch }) => patch.spend)?.patch.spend);
/** As the book keeps them. */
const recent = (ledger: TestLedger): Entry[] =>
  ledger.rows.flatMap(({ patch }) => patch.recent ?? []).slice(-50);
const written = (ledger: TestLedger) => ledger.rows.filter(({ patch }) => patch.spend).length;

test('each day by service, refunds deducted on their day, with the balance at its end', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  ledger.now = START + 6 * MINUTE;
  ledger.charge('a', '10');
  ledger.now = START + HOUR;
  ledger.charge('b', '5', 'ray');
  ledger.charge('late', '1', 'ray');
  ledger.now = START + DAY;
  ledger.ok(SERVICE, { kind: 'charge.refund', charge_id: 'a', id: 'r', amount: 4_000_000n });
  expect(shown(ledger)).toEqual({
    as_of: toRfc3339(START + DAY),
    n: 5,
    days: [
      { day: '2026-01-01', spent: { vm: '10', ray: '6' }, balance: '84' },
      { day: '2026-01-02', spent: { vm: '-4' }, balance: '88' },
    ],
  });
});

test('it is written once in five minutes, and what came since stands in the last entries', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  for (let index = 0; index < 50; index += 1) {
    ledger.now = START + index * 20_000;
    ledger.charge(`c${index}`, '1');
  }
  // At 0, 5, 10 and 15 minutes.
  expect(written(ledger)).toBe(4);
  expect(shown(ledger).days[0]?.spent).toEqual({ vm: '46' });
  expect(spendNow(shown(ledger), recent(ledger)).days).toEqual([
    { day: '2026-01-01', spent: { vm: '50' }, balance: '50' },
  ]);
});

test('eight days stay, quiet ones are left out', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  for (const day of [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]) {
    ledger.now = START + day * DAY;
    ledger.charge(`c${day}`, '1');
  }
  expect(shown(ledger).days.map(({ day, balance }) => [day, balance])).toEqual([
    ['2026-01-04', '96'],
    ['2026-01-05', '95'],
    ['2026-01-07', '94'],
    ['2026-01-08', '93'],
    ['2026-01-09', '92'],
    ['2026-01-10', '91'],
    ['2026-01-11', '90'],
  ]);
});

test('law: section and last entries together tell every day to the micro, whatever came when', () => {
  const step = fc.record({
    after: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 2 * DAY })),
    kind: fc.constantFrom('charge', 'charge', 'charge', 'refund', 'refused', 'grant'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const ledger = new TestLedger();
      ledger.grant('first', '1000');
      const days = new Map<string, bigint>();
      const spend = (micros: bigint) => {
        const day = toRfc3339(ledger.now).slice(0, 10);
        days.set(day, (days.get(day) ?? 0n) + micros);
      };
      const charges: string[] = [];
      for (const [index, { after, kind }] of steps.entries()) {
        ledger.now += after;
        const refunded = kind === 'refund' ? charges.pop() : undefined;
        if (kind === 'charge') {
          ledger.charge(`c${index}`, '1.5');
          charges.push(`c${index}`);
          spend(1_500_000n);
        } else if (refunded !== undefined) {
          const amount = 500_000n;
          ledger.ok(SERVICE, { kind: 'charge.refund', charge_id: refunded, id: `r${index}`, amount });
          spend(-amount);
        } else if (kind === 'grant') ledger.grant(`g${index}`, '1');
        else
          ledger.settle(
            SERVICE,
            { kind: 'hold.void', id: 'no' },
            { intent: `intent-${index}`, key: `key-of-sixteen-${index}` },
          );
      }
      const now = spendNow(shown(ledger), recent(ledger));
      const told = new Map(now.days.map(({ day, spent }) => [day, spent['vm'] ?? '0']));
      const last = Date.parse(now.days.at(-1)?.day ?? '');
      for (const [day, micros] of days) {
        if (Date.parse(day) > last - 8 * DAY)
          expect([day, told.get(day)]).toEqual([day, formatAmount(micros)]);
      }
      expect(now.days.at(-1)?.balance).toBe(ledger.credits().balance);
    }),
    { numRuns: 60 },
  );
});
