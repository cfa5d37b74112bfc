// The states that every surface is looked at in: snapshots as the worker writes them of each account's book.
import * as v from 'valibot';
import { composeSnapshot } from '../../../extension/entrypoints/background/compose-snapshot.ts';
import { Snapshot } from '../../../extension/view/snapshot-schema.ts';
import type { Snapshot as SnapshotRecord } from '../../../extension/view/snapshot.ts';
import { type Account, ACCOUNTS } from './accounts.ts';
import { NOW } from './moment.ts';

const DEVICE = {
  server: 'https://glance.example',
  account_id: '0198a7f0-0000-7000-8000-000000000001',
  device_name: 'Chrome on Linux',
  clock_offset: 0,
};

/** What the popup is told of an account. */
export function snapshotOf({ sections, connection, confirmed_at }: Account): SnapshotRecord {
  const book = {
    section: (name: string): unknown => Reflect.get(sections, name) ?? null,
    recent: () => sections.recent ?? [],
  };
  const pending = sections.pending ?? [];
  return {
    ...composeSnapshot(
      {
        ...DEVICE,
        connection,
        confirmed_at,
        book: confirmed_at === null ? null : book,
        pending: pending.map(({ id, kind, at, state, subject }) => ({
          intent: { id, kind, at, body: subject === undefined ? {} : { id: subject } },
          state,
        })),
      },
      null,
      1,
      NOW,
    ),
    pending,
    waiting: pending.filter(({ state }) => state !== 'answered').length,
  };
}

/** Name of a state, and the snapshot that brings the popup into it; null is a device without an account. */
export const STATES: Record<string, SnapshotRecord | null> = {
  'no account': null,
  ...Object.fromEntries(Object.entries(ACCOUNTS).map(([name, account]) => [name, snapshotOf(account)])),
};

for (const [name, state] of Object.entries(STATES)) {
  if (state !== null && !v.is(Snapshot, state)) throw new Error(`The state "${name}" is no snapshot.`);
}
