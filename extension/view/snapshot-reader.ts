// How a page gets its numbers: the stored snapshot at once, then every later one.
import type { Areas } from './areas.ts';
import { parseSnapshot, type Snapshot, SNAPSHOT_KEY } from './snapshot.ts';

/** The latest snapshot; null before the first sign-in. */
export async function readSnapshot(areas: Areas): Promise<Snapshot | null> {
  const fast = await areas.session.get(SNAPSHOT_KEY);
  const stored = fast[SNAPSHOT_KEY] ?? (await areas.local.get(SNAPSHOT_KEY))[SNAPSHOT_KEY];
  return parseSnapshot(stored);
}

/** Calls `listener` with each later snapshot, and with null after a sign-out, until `signal` aborts. */
export function watchSnapshot(
  areas: Areas,
  listener: (snapshot: Snapshot | null) => void,
  signal: AbortSignal,
): void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>) => {
    const change = changes[SNAPSHOT_KEY];
    if (change) listener(parseSnapshot(change.newValue));
  };
  areas.session.onChanged.addListener(onChanged);
  signal.addEventListener('abort', () => areas.session.onChanged.removeListener(onChanged));
}
