// What the replica knows, as the record that pages read. While a new replica is still empty, the last numbers stay.
import * as z from 'zod/mini';
import type { Entry } from '../../../shared/account.ts';
import { MINUTE, type Ms } from '../../../shared/time.ts';
import type { ReplicaView } from '../../replica/replica.ts';
import { type Snapshot, SNAPSHOT_VERSION } from '../../view/snapshot.ts';
import { NOTHING, SNAPSHOT_ENTRIES, SnapshotCredits, SnapshotEntry } from '../../view/snapshot-schema.ts';

/** Missed twice, and a minute for the alarm's own delay: then the worker is gone, not late. */
const staleAfter = (syncMinutes: number): Ms => (2 * syncMinutes + 1) * MINUTE;

export function composeSnapshot(view: ReplicaView, shown: Snapshot | null, syncMinutes: number): Snapshot {
  const before = shown?.account.id === view.account_id ? shown : null;
  const { book, confirmed_at } = view;
  return {
    ...NOTHING,
    version: SNAPSHOT_VERSION,
    account: {
      id: view.account_id,
      name: book ? (book.profile?.name ?? '') : (before?.account.name ?? ''),
      timezone: book ? (book.profile?.timezone ?? null) : (before?.account.timezone ?? null),
      server: view.server,
      device_name: view.device_name,
    },
    connection: view.connection,
    confirmed_at,
    stale_at: confirmed_at === null ? null : confirmed_at + staleAfter(syncMinutes),
    clock_offset: view.clock_offset,
    seq: book ? (book.head?.seq ?? 0) : (before?.seq ?? 0),
    credits: book ? book.credits && z.parse(SnapshotCredits, book.credits) : (before?.credits ?? null),
    recent: book
      ? book.recent.slice(-SNAPSHOT_ENTRIES).toReversed().flatMap(pickEntry)
      : (before?.recent ?? []),
  };
}

/** Empty for an entry that a page could not draw, such as one whose instant no Date can hold. */
function pickEntry(entry: Entry): SnapshotEntry[] {
  const parsed = z.safeParse(SnapshotEntry, entry);
  return parsed.success ? [parsed.data] : [];
}
