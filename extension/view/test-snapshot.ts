// A small snapshot as the worker would write it: for tests, which name what matters to them.
import { type Snapshot, SNAPSHOT_VERSION, type SnapshotCredits } from './snapshot.ts';
import { NOTHING } from './snapshot-schema.ts';

/** An active account without a credit, as far as a test does not say otherwise. */
export function testCredits(more: Partial<SnapshotCredits> = {}): SnapshotCredits {
  return {
    balance: '0',
    available: '0',
    held: '0',
    reserved: '0',
    debt: '0',
    restricted: '0',
    frozen: '0',
    withdrawable: '0',
    allowance: '10',
    state: 'active',
    grace_until: null,
    next_change_at: null,
    ...more,
  };
}

/** A signed-in device, live and up to date at `now`, that shows nothing yet. */
export function testSnapshot(now: number, more: Partial<Snapshot> = {}): Snapshot {
  return {
    ...NOTHING,
    version: SNAPSHOT_VERSION,
    account: { id: 'a', name: '', timezone: 'UTC', server: 'https://glance.example', device_name: 'Laptop' },
    connection: 'live',
    confirmed_at: now,
    stale_at: null,
    clock_offset: 0,
    seq: 1,
    ...more,
  };
}
