// The checker must see each kind of damage; that healthy accounts pass is asserted by every other test of the core.
import { expect, test } from 'vitest';
import type { LotBody } from './records.ts';
import { checkAccount } from './invariants.ts';
import type { AccountState } from './state.ts';
import { TestLedger, USER } from './test-ledger.ts';

function account(): TestLedger {
  const ledger = new TestLedger();
  ledger.fund('20');
  ledger.grant('g', '5', { services: ['ray'] });
  ledger.hold('h', '3');
  ledger.made(USER, { kind: 'withdrawal.request', amount: 2_000_000n, wallet_address: '0x1' });
  ledger.charge('c', '4');
  return ledger;
}

const withBalance = (state: AccountState, name: string, micros: bigint): AccountState => ({
  ...state,
  balances: new Map(state.balances).set(name, micros),
});

function withLot(state: AccountState, key: string, part: Partial<LotBody>): AccountState {
  const lot = state.records.get(key);
  if (lot?.kind !== 'lot') throw new Error(`no ${key}`);
  return { ...state, records: new Map(state.records).set(key, { ...lot, body: { ...lot.body, ...part } }) };
}

const found = (state: AccountState) => new Set(checkAccount(state).map((line) => line.split(':')[0]));

test('each damage is named by its invariant', () => {
  const { state } = account();
  expect(checkAccount(state)).toEqual([]);
  expect(found(withBalance(state, 'held', 1n))).toContain('I4');
  expect(found(withBalance(state, 'reserved', 1n))).toContain('I5');
  expect(found(withBalance(state, 'recv', 1n))).toContain('I2');
  expect(found(withBalance(state, 'held', -1n))).toContain('I2');
  expect(found(withBalance(state, 'recv', -1n))).toEqual(new Set(['I8', 'I11', 'section 8']));
  expect(found(withBalance(state, 'lot:2', 30_000_000n))).toContain('I12');
  expect(found(withBalance(state, 'lot:99', 1n))).toContain('I3');
  expect(found(withLot(state, 'lot:2', { frozen: true }))).toContain('I3');
  expect(found(withLot(state, 'lot:2', { expires_at: 0 }))).toContain('I3');
  expect(found({ ...state, facts: { ...state.facts, settled: 1_000_000n } })).toContain('I7');
  expect(found({ ...state, facts: { ...state.facts, state: 'grace', grace_until: 1 } })).toContain(
    'section 8',
  );
});

test('below the floor only when forced', () => {
  const ledger = new TestLedger();
  ledger.fund('5');
  ledger.charge('c', '12');
  const facts = { ...ledger.state.facts, allowance: 1_000_000n };
  expect(found({ ...ledger.state, facts })).toEqual(new Set(['I6']));
  expect(found({ ...ledger.state, facts: { ...facts, forced: true } })).toEqual(new Set());
});

test('transfers must balance and fold into the balances', () => {
  const { state, transfers } = account();
  expect(checkAccount(state, transfers)).toEqual([]);
  expect(checkAccount(state, transfers.slice(1))).toContainEqual(expect.stringMatching(/^I10: lot:2/));
  const [first, ...rest] = transfers;
  if (!first) throw new Error('no transfer');
  const postings = first.postings.slice(1);
  expect(checkAccount(state, [{ ...first, postings }, ...rest])).toContainEqual(
    expect.stringMatching(/^I1: /),
  );
});
