import { expect, test } from 'vitest';
import { Spend } from '../../shared/spend.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../shared/time.ts';
import { SERVICE, START, TestLedger } from './test-ledger.ts';

const shown = (ledger: TestLedger) =>
  Spend.parse(ledger.rows.findLast(({ patch }) => patch.spend)?.patch.spend);
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
    days: [
      { day: '2026-01-01', spent: { vm: '10', ray: '6' }, balance: '84' },
      { day: '2026-01-02', spent: { vm: '-4' }, balance: '88' },
    ],
  });
});

test('it is written once in five minutes at most', () => {
  const ledger = new TestLedger();
  ledger.fund('100');
  for (let index = 0; index < 50; index += 1) {
    ledger.now = START + index * 20_000;
    ledger.charge(`c${index}`, '1');
  }
  // At 0, 5, 10 and 15 minutes.
  expect(written(ledger)).toBe(4);
  expect(shown(ledger).days[0]?.spent).toEqual({ vm: '46' });
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
