import { expect, test } from 'vitest';
import { TASKS, Tasks } from '../../shared/tasks.ts';
import { DEFAULT_RULES } from './decide.ts';
import { HOUR, toRfc3339 } from '../../shared/time.ts';
import { SERVICE, START, TestLedger, USER } from './test-ledger.ts';

const done = (ledger: TestLedger) =>
  Tasks.parse(ledger.rows.findLast(({ patch }) => patch.tasks)?.patch.tasks).flatMap(({ id, done_at }) =>
    done_at === null ? [] : [[id, done_at]],
  );

test('tasks complete themselves from facts, each at its own', () => {
  const ledger = new TestLedger();
  expect(done(ledger)).toEqual([]);
  const facts = [
    () => ledger.fund('50'),
    () => {
      ledger.ok(USER, {
        kind: 'deployment.create',
        id: 'd1',
        name: 'n',
        type: 'ray',
        device: 'H100',
        quantity: 1,
        hours: 1,
        hourly: 1_000_000n,
      });
      ledger.ok(SERVICE, { kind: 'deployment.status', id: 'd1', status: 'running', at: ledger.now });
    },
    () =>
      ledger.ok(SERVICE, {
        kind: 'usage',
        id: 'use',
        model: 'm',
        input_tokens: 1,
        output_tokens: 1,
        rate: { input: 1n, output: 1n },
        at: ledger.now,
      }),
    () => ledger.ok(USER, { kind: 'wallet.add', chain: 'aptos', address: '0x1' }),
    () => ledger.ok(USER, { kind: 'terms.accept', version: DEFAULT_RULES.terms.version }),
    () =>
      ledger.ok(USER, {
        kind: 'alerts.set',
        levels: { balance: 1n, runway_hours: null, plan_share: null, spend_per_day: null },
      }),
  ];
  const expected = TASKS.map((id, index) => [id, toRfc3339(START + index * HOUR)]);
  for (const [index, fact] of facts.entries()) {
    ledger.now = START + index * HOUR;
    fact();
    expect(done(ledger)).toEqual(expected.slice(0, index + 1));
  }
  const rows = ledger.rows.length;
  ledger.fund('50');
  expect(ledger.rows.slice(rows).filter(({ patch }) => patch.tasks)).toEqual([]);
});
