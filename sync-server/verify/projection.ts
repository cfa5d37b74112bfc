// A stored book against the journal it was projected from: its head, its balances and its last entries (I10).
import * as Y from 'yjs';
import type { Credits, Entry, Head } from '../../shared/account.ts';
import type { Patch } from '../ledger/journal.ts';
import { unseal } from '../sync/book.ts';
import { KEEP_RECENT, VALUE } from '../sync/lanes.ts';

export interface Checkpoint {
  /** The journal row it is true at. */
  seq: number;
  sealed: Uint8Array;
}

export class Projection {
  readonly seq: number;
  #sealed: Uint8Array;
  #recent: Entry[] = [];
  #credits: Credits | null = null;
  #head: Head | null = null;

  constructor({ seq, sealed }: Checkpoint) {
    this.seq = seq;
    this.#sealed = sealed;
  }

  /** Takes the account's journal rows in order; those behind the checkpoint do not matter. */
  row({ seq, n, hash }: Head, patch: Patch): void {
    if (seq > this.seq) return;
    this.#head = { seq, n, hash };
    if (patch.credits) this.#credits = patch.credits;
    if (patch.recent) this.#recent.push(patch.recent);
    if (this.#recent.length > KEEP_RECENT) this.#recent.shift();
  }

  /** What is wrong with the stored book; null when it says what the journal said. */
  fault(): string | null {
    const state = unseal(this.#sealed);
    if (!state) return 'is damaged';
    const book = new Y.Doc();
    try {
      Y.applyUpdate(book, state);
    } catch {
      return 'cannot be read';
    }
    const head = book.getMap<Head>('head').get(VALUE);
    if (this.#head?.seq !== this.seq || !isSame(head, this.#head)) return 'has another head than the journal';
    const credits = book.getMap<Credits>('credits').get(VALUE) ?? null;
    if (!isSame(credits, this.#credits)) return 'shows other credits than the journal';
    return isSame(book.getArray<Entry>('recent').toArray(), this.#recent)
      ? null
      : 'shows other entries than the journal';
  }
}

/** Both sides come from the same JSON, so their keys stand in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
