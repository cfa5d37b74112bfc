// One account's transfers brought together with its journal, in whatever order their rows arrive: each entry meets its
// transfer. Within one instant several servers may have numbered theirs in any order.
import type { Ms } from '../../shared/time.ts';
import type { Patch } from '../ledger/journal.ts';
import type { Findings } from './findings.ts';
import type { History, JournalLine, TransferLine } from './history.ts';

/** A transfer that met its entry, in journal row `seq`. */
export interface Booked {
  transfer: TransferLine;
  seq: number;
}

/** Rows that were read before those they belong to, over all accounts: not many, or something is not there. */
export interface Ahead {
  transfers: number;
  answers: number;
}

export class Walk {
  #history: History;
  #findings: Findings;
  #ahead: Ahead;
  /** From the first transfer on that must meet an entry; in life empty or nearly so. */
  #waiting: TransferLine[] = [];
  #folded: Ms = 0;
  #line: JournalLine | null = null;
  #patch: Patch | null = null;

  constructor(history: History, findings: Findings, ahead: Ahead) {
    this.#history = history;
    this.#findings = findings;
    this.#ahead = ahead;
  }

  arrive(transfer: TransferLine): void {
    // All of an instant is folded when the next one begins; within one, servers may have numbered crosswise.
    if (this.#waiting.length === 0 && transfer.at > this.#folded) this.#history.bounds(this.#history.seq);
    this.#waiting.push(transfer);
    this.#ahead.transfers += 1;
    this.#foldSilent();
  }

  holds(id: string): boolean {
    return this.#waiting.some((transfer) => transfer.id === id);
  }

  /** Takes the next journal row. Answers the id of the transfer that its entry needs; null when it needs none. */
  begin(line: JournalLine): string | null {
    const history = this.#history;
    history.follows(line.seq);
    if (line.at > history.at) this.#leave(line.at);
    this.#line = line;
    this.#patch = history.row(line);
    const recent = this.#patch?.recent;
    return recent && recent.type !== 'refused' ? recent.id : null;
  }

  /** Settles the row that was begun, its transfer having arrived or not. */
  end(): { patch: Patch | null; booked: Booked | null } {
    const [line, patch] = [this.#line, this.#patch];
    // Thousands of accounts wait for their next row: what is done is let go, or it would grow old in memory.
    this.#line = null;
    this.#patch = null;
    if (!line || !patch) return { patch: null, booked: null };
    const { recent } = patch;
    const { seq } = line;
    let booked: Booked | null = null;
    if (recent?.type === 'refused') this.#history.refused(recent, seq);
    else if (recent) {
      const transfer = this.#take(recent.id);
      if (transfer) {
        this.#folded = Math.max(this.#folded, transfer.at);
        this.#history.booked(transfer, recent, line.digest, seq);
        booked = { transfer, seq };
        this.#foldSilent();
      } else this.#findings.add('I10', seq, `entry ${recent.n} has no transfer ${recent.id}`);
    }
    this.#history.shows(patch, seq);
    return { patch, booked };
  }

  /** The journal has no more rows, and all transfers have arrived. */
  close(): void {
    this.#leave(Infinity);
    this.#history.bounds(this.#history.seq);
  }

  /** What was committed before an instant that is past has met its entry by now, or never will. */
  #leave(before: Ms): void {
    const late = this.#waiting.filter(({ at }) => at < before);
    if (late.length === 0) return;
    for (const transfer of late) this.#history.silent(transfer, this.#history.seq);
    this.#waiting = this.#waiting.filter(({ at }) => at >= before);
    this.#ahead.transfers -= late.length;
    this.#foldSilent();
  }

  /** Moves without an entry wait for nothing but what was posted before them. */
  #foldSilent(): void {
    for (let next = this.#waiting[0]; next && this.#history.isSilent(next); next = this.#waiting[0]) {
      this.#folded = Math.max(this.#folded, next.at);
      this.#history.silent(next, this.#history.seq);
      this.#waiting.shift();
      this.#ahead.transfers -= 1;
    }
  }

  #take(id: string): TransferLine | null {
    const at = this.#waiting.findIndex((transfer) => transfer.id === id);
    if (at < 0) return null;
    this.#ahead.transfers -= 1;
    return this.#waiting.splice(at, 1)[0] ?? null;
  }
}
