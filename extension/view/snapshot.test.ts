import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { freshness, isCurrent, type Snapshot, SNAPSHOT_VERSION } from './snapshot.ts';
import { NOTHING, salvageSnapshot, Snapshot as Schema } from './snapshot-schema.ts';

const SNAPSHOT: Snapshot = {
  ...NOTHING,
  version: SNAPSHOT_VERSION,
  account: {
    id: 'a',
    name: 'Mara Lindqvist',
    timezone: 'UTC',
    server: 'https://glance.example',
    device_name: 'Laptop',
  },
  connection: 'live',
  confirmed_at: 1_000,
  stale_at: 200_000,
  clock_offset: -12,
  seq: 7,
  credits: {
    balance: '106.4',
    available: '94.3',
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
  },
  recent: [{ n: 3, at: 900, type: 'usage', service: 'vm', status: 'completed', amount: '-8.96' }],
};

test('what the worker writes is what a page reads', () => {
  expect(isCurrent(SNAPSHOT)).toBe(true);
  expect(isCurrent({ ...SNAPSHOT, version: 1 })).toBe(false);
  expect(isCurrent(null)).toBe(false);
  expect(salvageSnapshot(structuredClone(SNAPSHOT))).toEqual(SNAPSHOT);
});

test('of a newer version a page keeps what it can read', () => {
  const newer = { ...SNAPSHOT, version: 9, connection: 'orbiting', recent: [{ surprise: true }], plan: {} };
  expect(salvageSnapshot(newer)).toEqual({ ...SNAPSHOT, version: 9, connection: 'offline', recent: [] });
});

test('numbers that cannot be read are never shown as zero', () => {
  const read = salvageSnapshot({ ...SNAPSHOT, version: 9, credits: { balance: { micros: '1' } } });
  expect(read?.credits).toBeNull();
  expect(read?.confirmed_at).toBeNull();
});

test('anything else is no snapshot, and nothing throws', () => {
  expect(salvageSnapshot(undefined)).toBeNull();
  expect(salvageSnapshot({ version: 'x', account: SNAPSHOT.account })).toBeNull();
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom(...Object.keys(SNAPSHOT)), (value, key) => {
      salvageSnapshot(value);
      const read = salvageSnapshot({ ...SNAPSHOT, [key]: value });
      if (read) expect(v.is(Schema.entries.account, read.account)).toBe(true);
    }),
  );
});

test('numbers turn stale by the clock alone, when the worker is gone', () => {
  expect(freshness(SNAPSHOT, 199_999)).toBe('fresh');
  expect(freshness(SNAPSHOT, 200_000)).toBe('stale');
  expect(freshness({ ...SNAPSHOT, connection: 'resting' }, 1_500)).toBe('fresh');
  expect(freshness({ ...SNAPSHOT, connection: 'offline' }, 1_500)).toBe('stale');
  expect(freshness({ ...SNAPSHOT, connection: 'signed_out' }, 999_999)).toBe('signed_out');
});
