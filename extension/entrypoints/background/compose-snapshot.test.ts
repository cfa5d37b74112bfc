import { expect, test } from 'vitest';
import * as v from 'valibot';
import type { Credits } from '../../../shared/account.ts';
import type { BookView } from '../../replica/book.ts';
import type { ReplicaView } from '../../replica/replica.ts';
import { Snapshot } from '../../view/snapshot-schema.ts';
import { composeSnapshot } from './compose-snapshot.ts';

const credits: Credits = {
  balance: '106.4',
  available: '94.3',
  available_by_service: { vm: '94.3' },
  held: '12.1',
  reserved: '0',
  debt: '0',
  restricted: '0',
  frozen: '0',
  withdrawable: '94.3',
  allowance: '10',
  state: 'active',
  grace_until: null,
  next_change_at: null,
  expiring: [],
  seq: 40,
};
const entry = (n: number, at = n) => ({
  n,
  id: `e${n}`,
  at,
  service: 'vm',
  type: 'usage',
  amount: '-1',
  balance: '1',
  status: 'completed',
});
const sections: Record<string, unknown> = {
  credits,
  head: { seq: 41, n: 30, hash: '' },
  profile: { name: 'Mara Lindqvist', timezone: 'Europe/Berlin', wallets: [] },
};
const bookOf = (recent: unknown[], more: Record<string, unknown> = {}): BookView => ({
  section: (name) => ({ ...sections, ...more })[name] ?? null,
  recent: () => recent,
});
const book = bookOf(Array.from({ length: 30 }, (_, index) => entry(index + 1)));
const view = (more: Partial<ReplicaView> = {}): ReplicaView => ({
  server: 'https://glance.example',
  account_id: 'a',
  device_name: 'Laptop',
  connection: 'live',
  confirmed_at: 1_000,
  clock_offset: 5,
  book,
  pending: [],
  ...more,
});

test('a snapshot carries the last five entries, newest first, and passes its own check', () => {
  const snapshot = composeSnapshot(view(), null, 1);
  expect(snapshot.recent.map(({ n }) => n)).toEqual([30, 29, 28, 27, 26]);
  expect(snapshot).toMatchObject({ seq: 41, stale_at: 181_000, credits: { balance: '106.4', held: '12.1' } });
  expect(snapshot.account).toMatchObject({ name: 'Mara Lindqvist', timezone: 'Europe/Berlin' });
  expect(v.parse(Snapshot, snapshot)).toEqual(snapshot);
});

test('while a new replica is empty, the last numbers of the same account stay', () => {
  const shown = composeSnapshot(view(), null, 1);
  const healing = composeSnapshot(view({ book: null, connection: 'resting' }), shown, 1);
  expect(healing).toEqual({ ...shown, connection: 'resting' });
});

test('another account never inherits numbers', () => {
  const shown = composeSnapshot(view(), null, 1);
  const other = composeSnapshot(view({ account_id: 'b', book: null, confirmed_at: null }), shown, 1);
  expect(other).toMatchObject({ credits: null, recent: [], confirmed_at: null, stale_at: null });
  expect(other.account.name).toBe('');
});

test('an entry that no page could draw is left out', () => {
  const snapshot = composeSnapshot(view({ book: bookOf([entry(1), entry(2, 9e15)]) }), null, 1);
  expect(snapshot.recent.map(({ n }) => n)).toEqual([1]);
});
