// How a page gets its numbers: the stored snapshot at once, then every later one.
import type { Areas } from './areas.ts';
import { isCurrent, readStored, type Snapshot, SNAPSHOT_KEY } from './snapshot.ts';

/** The latest snapshot; null before the first sign-in. */
export async function readSnapshot(areas: Areas): Promise<Snapshot | null> {
  return fromStorage(await readStored(areas));
}

/** Calls `listener` with each later snapshot, and with null after a sign-out, until `signal` aborts. */
export function watchSnapshot(
  areas: Areas,
  listener: (snapshot: Snapshot | null) => void,
  signal: AbortSignal,
): void {
  const onChanged = (changes: Record<string, { newValue?: unknown }>) => {
    const change = changes[SNAPSHOT_KEY];
    if (!change) return;
    const { newValue } = change;
    // Nearly always at once: what the running worker writes is current.
    if (newValue == null || isCurrent(newValue)) listener(newValue ?? null);
    else void fromStorage(newValue).then(listener);
  };
  areas.session.onChanged.addListener(onChanged);
  signal.addEventListener('abort', () => areas.session.onChanged.removeListener(onChanged));
}

async function fromStorage(stored: unknown): Promise<Snapshot | null> {
  if (stored == null) return null;
  if (isCurrent(stored)) return stored;
  const { salvageSnapshot } = await import('./snapshot-schema.ts');
  return salvageSnapshot(stored);
}
