import { expect, test } from 'vitest';
import { checkChanges } from './check-changes.ts';
import { NO_HASH } from '../../shared/chain.ts';
import type { AccountFacts } from './records.ts';
import type { AccountState, Changes, Posting } from './state.ts';

const AT = Date.UTC(2026, 0, 1);
const FACTS: AccountFacts = {
  name: 'U',
  opened_at: AT,
  state: 'active',
  reason: null,
  grace_until: null,
  allowance: null,
  forced: false,
  settled: 5_000_000n,
  charged_back: 0n,
  paid_out: 0n,
  plan: 'free',
  today: null,
  no: 1,
};

function state(): AccountState {
  return {
    id: 'u',
    head: { seq: 4, n: 2, hash: NO_HASH, at: AT },
    facts: FACTS,
    balances: new Map([['lot:p', 5_000_000n]]),
    records: new Map(),
  };
}

function changes(postings: Posting[], balances: [string, bigint][], more: Partial<Changes> = {}): Changes {
  return {
    account: 'u',
    head: { seq: 4, n: 2, hash: NO_HASH, at: AT },
    facts: FACTS,
    balances: new Map(balances),
    records: [],
    transfers: [{ id: 't', kind: 'usage.charge', at: AT, postings, meta: {} }],
    rows: [],
    due_at: null,
    ...more,
  };
}

const row = (seq: number, n: number) => ({
  account: 'u',
  seq,
  n,
  at: AT,
  patch: {},
  hash: NO_HASH,
  private_digest: null,
});

const charge: Posting[] = [
  { name: 'lot:p', micros: -2_000_000n },
  { name: 'revenue:vm', micros: 2_000_000n },
];

test('a balanced charge passes', () => {
  expect(() => checkChanges('u', state(), changes(charge, [['lot:p', 3_000_000n]]))).not.toThrow();
});

test('postings that do not sum to zero are refused', () => {
  const open: Posting[] = [{ name: 'lot:p', micros: -2_000_000n }];
  expect(() => checkChanges('u', state(), changes(open, [['lot:p', 3_000_000n]]))).toThrow(/sum to zero/);
});

test('a balance that does not follow from its postings is refused', () => {
  expect(() => checkChanges('u', state(), changes(charge, [['lot:p', 3_000_001n]]))).toThrow(
    /does not follow/,
  );
  expect(() => checkChanges('u', state(), changes(charge, []))).toThrow(/does not follow/);
  expect(() => checkChanges('u', state(), changes([], [['held', 1n]]))).toThrow(/does not follow/);
});

test('a lot never goes below zero, a debt never above', () => {
  const much: Posting[] = [
    { name: 'lot:p', micros: -6_000_000n },
    { name: 'recv', micros: 6_000_000n },
  ];
  expect(() => checkChanges('u', state(), changes(much, [['lot:p', -1_000_000n]]))).toThrow(/passes zero/);
  expect(() => checkChanges('u', state(), changes(much, [['recv', 6_000_000n]]))).toThrow(/passes zero/);
});

test('the journal has no gap and the head is its last row', () => {
  const head = { seq: 5, n: 2, hash: NO_HASH, at: AT };
  const good = changes([], [], { transfers: [], rows: [row(5, 2)], head });
  expect(() => checkChanges('u', state(), good)).not.toThrow();
  expect(() => checkChanges('u', state(), { ...good, rows: [row(6, 2)] })).toThrow(/gap/);
  expect(() => checkChanges('u', state(), { ...good, rows: [row(5, 3)] })).toThrow(/gap/);
  expect(() => checkChanges('u', state(), { ...good, rows: [] })).toThrow(/last journal row/);
  expect(() => checkChanges('x', state(), good)).toThrow(/another account/);
  expect(() => checkChanges('u', state(), { ...good, head: { ...head, at: AT - 1 } })).toThrow(/backwards/);
});
