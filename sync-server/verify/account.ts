// Everything there is to check about one account, whose rows arrive table by table, each table's in the order they were
// committed.
import type { RuleConfig } from '../ledger/rules.ts';
import { Findings, type Finding } from './findings.ts';
import { readLegs } from './fold.ts';
import type { Head } from './head.ts';
import { History, type JournalLine, type TransferLine } from './history.ts';
import { AnsweredKeys } from './keys.ts';
import { type Checkpoint, Projection } from './projection.ts';
import { Recorded } from './recorded.ts';
import { countAt, reasonOf, type Row, SourceError, textAt } from './source.ts';
import { judgeState } from './state.ts';
import { type Ahead, Walk } from './walk.ts';

export class AccountCheck {
  readonly head: Head;
  #findings: Findings;
  #history: History;
  #walk: Walk;
  #keys: AnsweredKeys;
  #projection: Projection | null;
  #recorded = new Recorded();
  #cached = new Map<string, string>();
  /** A row of it could not be read: what follows would only be guessed. */
  #broken = false;

  constructor(head: Head, checkpoint: Checkpoint | null, ahead: Ahead) {
    this.head = head;
    this.#findings = new Findings(head.id);
    this.#history = new History(this.#findings);
    this.#walk = new Walk(this.#history, this.#findings, ahead);
    this.#keys = new AnsweredKeys(this.#findings, ahead);
    this.#projection = checkpoint ? new Projection(checkpoint) : null;
  }

  /** Columns account, id, kind, at, meta, postings. */
  transfer(row: Row): void {
    this.#read(() => this.#walk.arrive(transferFrom(row)), `transfer ${String(row[1])}`);
  }

  /**
   * Columns account, seq, at, n, hash, private_digest, patch. Answers the id of the transfer that must arrive before
   * `settle`; null when none must.
   */
  journal(row: Row): string | null {
    return this.#read(() => this.#walk.begin(lineFrom(row)), `journal row ${String(row[1])}`) ?? null;
  }

  holds(transfer: string): boolean {
    return this.#broken || this.#walk.holds(transfer);
  }

  /** Settles the journal row that came last. Answers whether the answer to its order must still arrive. */
  settle(): boolean {
    this.#read(() => {
      const { patch, booked } = this.#walk.end();
      if (!patch) return;
      if (booked) this.#keys.see(booked.transfer.meta, booked.seq);
      this.#keys.pass(this.#history.seq);
      this.#projection?.row(this.#history, patch);
    }, `journal row ${this.#history.seq}`);
    return this.wantsAnswer;
  }

  get wantsAnswer(): boolean {
    return !this.#broken && this.#keys.wanting;
  }

  /** Columns account, scope, key, seq. */
  answer(row: Row): void {
    this.#read(() => {
      const line = { principal: textAt(row, 1), key: textAt(row, 2), seq: countAt(row, 3) };
      this.#keys.arrive(line, this.#history.seq);
    }, 'an answer');
  }

  noAnswer(): void {
    this.#keys.miss();
  }

  /** All transfers, journal rows and answers have arrived; records and balances follow. */
  endOfJournal(): void {
    this.#read(() => {
      this.#history.endsAt(this.head.seq);
      this.#walk.close();
      this.#keys.close(this.#history.seq);
      this.#judgeHead();
      const fault = this.#projection?.fault() ?? null;
      if (fault !== null)
        this.#findings.add('I10', this.#projection?.seq ?? null, `the stored book ${fault}`);
    }, 'its end');
  }

  /** Columns account, kind, id, open, links, body. */
  record(row: Row): void {
    try {
      this.#recorded.add(row, (lot) => this.#history.fold.own.get(lot) ?? 0n);
    } catch (error) {
      this.#findings.add(
        'I8',
        null,
        `${String(row[1])} ${String(row[2])} cannot be read (${reasonOf(error)})`,
      );
    }
  }

  /** Columns account, name, micros as text. */
  balance(row: Row): void {
    this.#read(() => this.#cached.set(textAt(row, 1), textAt(row, 2)), 'a balance');
  }

  /** Everything has arrived. Answers what is wrong, the first bad journal row first. */
  close(rules: RuleConfig): Finding[] {
    if (!this.#broken) {
      this.#judgeBalances();
      judgeState(this.head, this.#history, this.#recorded, rules, this.#findings);
    }
    return this.#findings.close();
  }

  #read<T>(use: () => T, what: string): T | undefined {
    if (this.#broken) return undefined;
    try {
      return use();
    } catch (error) {
      if (error instanceof SourceError) throw error;
      this.#broken = true;
      this.#findings.add('I9', this.#history.seq + 1, `${what} cannot be read (${reasonOf(error)})`);
      return undefined;
    }
  }

  #judgeHead(): void {
    const { seq, n, hash, at, creditsSeq } = this.#history;
    const { head } = this;
    if (head.seq === seq && (head.n !== n || head.hash !== hash)) {
      this.#findings.add('I9', seq, 'the head is not the end of the chain');
    }
    if (head.at < at) this.#findings.add('I9', seq, 'the head is older than its last row');
    if (head.creditsSeq !== creditsSeq) {
      this.#findings.add('I10', creditsSeq, `the head names row ${head.creditsSeq} for the credits section`);
    }
  }

  /** I10: the cached balances are the fold. */
  #judgeBalances(): void {
    const { own } = this.#history.fold;
    for (const name of new Set([...this.#cached.keys(), ...own.keys()])) {
      const folded = String(own.get(name) ?? 0n);
      const stored = this.#cached.get(name) ?? '0';
      if (stored === folded) continue;
      this.#findings.add(
        'I10',
        this.head.seq,
        `balance ${name} is ${stored} micros, its postings say ${folded}`,
      );
    }
  }
}

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

function transferFrom(row: Row): TransferLine {
  return {
    id: textAt(row, 1),
    kind: textAt(row, 2),
    at: countAt(row, 3),
    meta: textAt(row, 4),
    legs: readLegs(row[5] === null ? null : textAt(row, 5)),
  };
}
