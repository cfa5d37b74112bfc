import { expect, test } from 'vitest';
import { MAX_BALANCE } from '../../shared/money.ts';
import { DAY } from '../../shared/time.ts';
import type { Command } from './command.ts';
import { decide, DEFAULT_RULES } from './decide.ts';
import { FINANCE, SERVICE, START, TestLedger, USER } from './test-ledger.ts';

const grant = (more: Partial<Extract<Command, { kind: 'grant' }>> = {}) =>
  ({ kind: 'grant', id: 'g', amount: 1_000_000n, source: 'promo', ...more }) as const;

test('a grant is credit that cannot be withdrawn, told by where it came from', () => {
  const ledger = new TestLedger();
  expect(ledger.ok(FINANCE, grant({ expires_at: START + DAY, services: ['vm', 'ray'] }))).toEqual({
    id: 'g',
    amount: '1',
    source: 'promo',
    expires_at: '2026-01-02T00:00:00.000Z',
    services: ['ray', 'vm'],
    priority: 10,
  });
  ledger.ok(FINANCE, grant({ id: 'g2', source: 'bd_grant' }));
  expect(ledger.history()).toEqual(['incentive 1 completed = 1', 'bd_grant 1 completed = 2']);
  expect(ledger.credits()).toMatchObject({ available: '1', restricted: '1', withdrawable: '0' });
});

test.each([
  [grant({ expires_at: START }), 'invalid_request'],
  [grant({ services: [] }), 'invalid_request'],
  [grant({ priority: 101 }), 'invalid_request'],
  [grant({ amount: 0n }), 'invalid_amount'],
  [grant({ amount: 1_000_000_000_001n }), 'amount_too_large'],
])('a bad grant is refused: %o', (command, code) => {
  expect(new TestLedger().code(FINANCE, command)).toBe(code);
});

test('only finance grants; the same id is one grant', () => {
  const ledger = new TestLedger();
  expect(ledger.code(USER, grant())).toBe('forbidden');
  expect(ledger.code(SERVICE, grant())).toBe('forbidden');
  ledger.ok(FINANCE, grant());
  expect(ledger.settle(FINANCE, grant(), { key: 'another-key-of-16' })).toMatchObject({ ok: true });
  expect(ledger.code(FINANCE, grant({ amount: 2n }))).toBe('duplicate_id');
  expect(ledger.credits().balance).toBe('1');
});

test('an account holds no more than the maximum', () => {
  const ledger = new TestLedger();
  ledger.ok(FINANCE, grant());
  const full = { ...ledger.state, balances: new Map([['lot:1', MAX_BALANCE - 1n]]) };
  const context = { now: START, id: () => 'id', rules: DEFAULT_RULES };
  const given = (amount: bigint) =>
    decide(full, { account: 'u', actor: FINANCE, command: grant({ id: 'g2', amount }) }, context).outcome;
  expect(given(1n)).toMatchObject({ ok: true });
  expect(given(2n)).toMatchObject({ ok: false, problem: { code: 'amount_too_large' } });
});

test('restricted credit does not repay debt, unrestricted does', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('c', '8');
  ledger.ok(FINANCE, grant({ services: ['vm'] }));
  expect(ledger.credits()).toMatchObject({ debt: '3', restricted: '1', available: '-3' });
  ledger.ok(FINANCE, grant({ id: 'g2', amount: 3_000_000n }));
  expect(ledger.credits()).toMatchObject({ debt: '0', restricted: '1', state: 'active' });
});
