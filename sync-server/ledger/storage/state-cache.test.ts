import { expect, test } from 'vitest';
import { NO_HASH } from '../../../shared/chain.ts';
import { unopened } from '../accounts.ts';
import type { AccountRecord, AccountState } from '../state.ts';
import { StateCache } from './state-cache.ts';

function refund(id: string, open: boolean, links: string[] = []): AccountRecord {
  return { kind: 'refund', id, open, links, body: { charge: 'c', amount: 1n } };
}

function state(id: string, records: AccountRecord[] = []): AccountState {
  const head = { seq: 1, n: 0, hash: NO_HASH, at: 0 };
  const byKey = new Map(records.map((record) => [`${record.kind}:${record.id}`, record]));
  return { ...unopened(id, id, 0), head, records: byKey };
}

test('the account that was not used for longest falls off', () => {
  const cache = new StateCache(2);
  cache.set('a', state('a'), 1);
  cache.set('b', state('b'), 1);
  expect(cache.get('a')?.version).toBe(1);
  cache.set('c', state('c'), 7);
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')?.state.id).toBe('a');
  expect(cache.get('c')?.version).toBe(7);
});

test('what is forgotten must be read again', () => {
  const cache = new StateCache(2);
  cache.set('a', state('a'), 1);
  cache.forget(['a', 'never seen']);
  expect(cache.get('a')).toBeUndefined();
});

test('many closed records are dropped, except what open ones lead to', () => {
  const cache = new StateCache(2);
  const closed = Array.from({ length: 30 }, (_, index) => refund(`closed${index}`, false));
  const chain = [
    refund('open', true, ['refund:near', 'refund:never']),
    refund('near', false, ['refund:far']),
  ];
  cache.set('a', state('a', [...closed, ...chain, refund('far', false)]), 1);
  const kept = [...(cache.get('a')?.state.records.keys() ?? [])];
  expect(kept.toSorted((a, b) => a.localeCompare(b))).toEqual(['refund:far', 'refund:near', 'refund:open']);
});
