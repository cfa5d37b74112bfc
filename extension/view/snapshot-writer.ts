// How the background worker hands numbers to pages: one write at a time, the latest wins, equal ones are skipped.
import type { Areas } from './areas.ts';
import { type Snapshot, SNAPSHOT_KEY } from './snapshot.ts';

export class SnapshotWriter {
  readonly #areas: Areas;
  #next: { snapshot: Snapshot | null } | null = null;
  #written: string | null = null;
  #running: Promise<void> | null = null;

  constructor(areas: Areas) {
    this.#areas = areas;
  }

  /** Resolves when this snapshot, or a later one, stands in both areas. Null removes it. */
  write(snapshot: Snapshot | null): Promise<void> {
    this.#next = { snapshot };
    this.#running ??= this.#drain().finally(() => (this.#running = null));
    return this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#next) {
      const { snapshot } = this.#next;
      this.#next = null;
      const text = JSON.stringify(snapshot);
      if (text === this.#written) continue;
      await Promise.all([this.#put(this.#areas.session, snapshot), this.#put(this.#areas.local, snapshot)]);
      this.#written = text;
    }
  }

  #put(area: Areas['local'], snapshot: Snapshot | null): Promise<void> {
    return snapshot === null ? area.remove(SNAPSHOT_KEY) : area.set({ [SNAPSHOT_KEY]: snapshot });
  }
}
