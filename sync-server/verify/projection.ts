// A stored book against the journal it was projected from: its head, its balances and its last entries (I10). The book
// is read first and leaves only digests, so that thousands of accounts can be walked at once.
import { hash } from 'node:crypto';
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
  #fault: string | null = null;
  #head = '';
  /** By their number in the history. */
  #entries = new Map<number, string>();
  #credits: { seq: number; digest: string } | null = null;

  constructor({ seq, sealed }: Checkpoint) {
    this.seq = seq;
    const state = unseal(sealed);
    if (state) this.#read(state);
    else this.#fault = 'is damaged';
  }

  #read(state: Uint8Array): void {
    const book = new Y.Doc();
    try {
      Y.applyUpdate(book, state);
    } catch {
      this.#fault = 'cannot be read';
      return;
    }
    const head = book.getMap<Head>('head').get(VALUE);
    const credits = book.getMap<Credits>('credits').get(VALUE);
    const recent = book.getArray<Entry>('recent').toArray();
    this.#head = digest(head);
    for (const entry of recent) this.#entries.set(entry.n, digest(entry));
    if (credits) this.#credits = { seq: credits.seq, digest: digest(credits) };
    if (recent.length !== Math.min(KEEP_RECENT, head?.n ?? 0)) this.#fault = 'shows too few entries';
    book.destroy();
  }

  /** Takes the account's journal rows in order; those behind the checkpoint do not matter. */
  row({ seq, n, hash }: Head, { recent, credits }: Patch): void {
    if (seq > this.seq) return;
    const entry = recent && this.#entries.get(recent.n);
    if (entry !== undefined) {
      if (entry !== digest(recent)) this.#fault ??= `shows another entry ${recent?.n} than the journal`;
      this.#entries.delete(recent?.n ?? 0);
    }
    if (credits && seq >= (this.#credits?.seq ?? 0)) {
      if (this.#credits?.digest !== digest(credits)) this.#fault ??= 'shows other credits than the journal';
    }
    if (seq < this.seq) return;
    if (this.#head !== digest({ seq, n, hash })) this.#fault ??= 'has another head than the journal';
    if (this.#entries.size > 0) this.#fault ??= 'shows other entries than the journal';
    this.#head = '';
  }

  /** What is wrong with the stored book, once the journal has been walked; null when it says what the journal said. */
  fault(): string | null {
    return this.#fault ?? (this.#head === '' ? null : 'is ahead of the journal');
  }
}

/** Both sides come from the same JSON, so their keys stand in the same order. */
function digest(value: unknown): string {
  return hash('sha256', JSON.stringify(value) ?? '', 'base64').slice(0, 16);
}
