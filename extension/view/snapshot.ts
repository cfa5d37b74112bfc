// What pages see: one small versioned record that the background worker writes and every surface paints from.
import type { Areas } from './areas.ts';
import type { Snapshot } from './snapshot-schema.ts';

export type {
  Snapshot,
  SnapshotCluster,
  SnapshotCredits,
  SnapshotEntry,
  SnapshotNotice,
  SnapshotPending,
  SnapshotPlan,
  SnapshotPoint,
  SnapshotRunway,
} from './snapshot-schema.ts';

/** Rises when an older page could misread the record; pages keep whatever parts they can still read. */
export const SNAPSHOT_VERSION = 4;
export const SNAPSHOT_KEY = 'snapshot';

/**
 * True for a snapshot of this very release: its worker wrote only what it had checked, and no one else can write here.
 * So a page paints it without carrying the schema; anything else goes through `salvageSnapshot`.
 */
export function isCurrent(value: unknown): value is Snapshot {
  return (
    typeof value === 'object' && value !== null && 'version' in value && value.version === SNAPSHOT_VERSION
  );
}

/** The record as it is stored, undefined when there is none. */
export async function readStored(areas: Areas): Promise<unknown> {
  const fast = await areas.session.get(SNAPSHOT_KEY);
  return fast[SNAPSHOT_KEY] ?? (await areas.local.get(SNAPSHOT_KEY))[SNAPSHOT_KEY];
}

/** What the sync line may say about the numbers at an instant. */
export function freshness(snapshot: Snapshot, now: number): 'fresh' | 'stale' | 'signed_out' {
  if (snapshot.connection === 'signed_out') return 'signed_out';
  if (snapshot.connection === 'offline') return 'stale';
  return snapshot.stale_at !== null && now >= snapshot.stale_at ? 'stale' : 'fresh';
}
