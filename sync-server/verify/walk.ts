// Reads an account's journal and transfers side by side, so that each entry meets its transfer. Within one instant
// several servers may have numbered theirs in any order; everything else comes as it was committed.
import type { Ms } from '../../shared/time.ts';
import type { Findings } from './findings.ts';
import { readLegs } from './fold.ts';
import type { History, JournalLine, TransferLine } from './history.ts';
import type { KeyRuns } from './keys.ts';
import type { Projection } from './projection.ts';
import { countAt, type Cursor, type Row, textAt } from './source.ts';

/** What a walk tells of what it passes. */
export interface Hearers {
  history: History;
  keys: KeyRuns;
  projection: Projection | null;
}

export class Walk {
  #id: string;
  #journal: Cursor;
  #transfers: Cursor;
  #history: History;
  #keys: KeyRuns;
  #projection: Projection | null;
  #findings: Findings;
  /** Committed with the row at hand or before, and not told of yet; in life empty or nearly so. */
  #waiting: TransferLine[] = [];

  constructor(
    id: string,
    streams: { journal: Cursor; transfers: Cursor },
    hearers: Hearers,
    findings: Findings,
  ) {
    this.#id = id;
    this.#journal = streams.journal;
    this.#transfers = streams.transfers;
    this.#history = hearers.history;
    this.#keys = hearers.keys;
    this.#projection = hearers.projection;
    this.#findings = findings;
  }

  /** Takes all rows of the account off both streams. @param head the row that its journal ends at @throws Unreadable */
  async run(head: number): Promise<void> {
    for (;;) {
      const row = this.#journal.row ?? (await this.#journal.more());
      if (!row || row[0] !== this.#id) break;
      this.#journal.next();
      await this.#take(lineFrom(row));
      if (this.#keys.waits) await this.#keys.judge();
    }
    this.#history.endsAt(head);
    await this.#leave(Infinity);
    this.#history.bounds(this.#history.seq);
    await this.#keys.close(this.#history.seq);
  }

  async #take(line: JournalLine): Promise<void> {
    const history = this.#history;
    const { seq, at } = line;
    history.follows(seq);
    if (at > history.at) await this.#leave(at - 1);
    const patch = history.row(line);
    if (!patch) return;
    const { recent } = patch;
    if (recent?.type === 'refused') history.refused(recent, seq);
    else if (recent) {
      const transfer = await this.#find(recent.id, at, seq);
      if (transfer) {
        history.booked(transfer, recent, line.digest, seq);
        this.#keys.see(transfer.meta, seq);
      } else this.#findings.add('I10', seq, `entry ${recent.n} has no transfer ${recent.id}`);
    }
    // With something left over, the transfers of another server may be folded only in part.
    if (this.#waiting.length === 0) history.settledAt(patch, seq);
    this.#projection?.row(line, patch);
  }

  /** What was committed up to an instant that is past has been told of by now, or never will be. */
  async #leave(until: Ms): Promise<void> {
    for (const transfer of this.#waiting) this.#quiet(transfer, this.#history.seq);
    this.#waiting = [];
    for (let next = await this.#pull(until); next; next = await this.#pull(until)) {
      this.#quiet(next, this.#history.seq);
    }
  }

  /** The transfer of an entry; moves without an entry that were posted before it are folded on the way. */
  async #find(wanted: string, until: Ms, seq: number): Promise<TransferLine | null> {
    const known = this.#waiting.findIndex(({ id }) => id === wanted);
    if (known >= 0) return this.#waiting.splice(known, 1)[0] ?? null;
    for (let next = await this.#pull(until); next; next = await this.#pull(until)) {
      if (next.id === wanted) return next;
      if (this.#history.isSilent(next) && this.#waiting.length === 0) this.#quiet(next, seq);
      else this.#waiting.push(next);
    }
    return null;
  }

  #quiet(transfer: TransferLine, seq: number): void {
    this.#history.silent(transfer, seq);
    this.#keys.see(transfer.meta, null);
  }

  async #pull(until: Ms): Promise<TransferLine | null> {
    const row = this.#transfers.row ?? (await this.#transfers.more());
    if (!row || row[0] !== this.#id || countAt(row, 3) > until) return null;
    this.#transfers.next();
    return transferFrom(row);
  }
}

/** From columns account, seq, at, n, hash, private_digest, patch. */
function lineFrom(row: Row): JournalLine {
  return {
    seq: countAt(row, 1),
    at: countAt(row, 2),
    n: countAt(row, 3),
    hash: textAt(row, 4),
    digest: row[5] === null ? null : textAt(row, 5),
    patch: textAt(row, 6),
  };
}

/** From columns account, id, kind, at, meta, postings. */
function transferFrom(row: Row): TransferLine {
  return {
    id: textAt(row, 1),
    kind: textAt(row, 2),
    at: countAt(row, 3),
    meta: textAt(row, 4),
    legs: readLegs(row[5] === null ? null : textAt(row, 5)),
  };
}
