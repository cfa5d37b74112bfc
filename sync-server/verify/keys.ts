// I13 on what was posted: a key stands for one order. Answers are kept with the journal row their order ended at, so
// in the order of rows each order that posted finds its own answer next; a second one under the same key finds none.
import type { Findings } from './findings.ts';
import { countAt, type Cursor, textAt } from './source.ts';

interface Run {
  principal: string;
  key: string;
  /** Last journal row with an entry of this order; null when it has none. */
  last: number | null;
  /** First such row of what came after it; behind the journal's last when nothing did. */
  next: number;
}

export class KeyRuns {
  #account: string;
  #answers: Cursor;
  #findings: Findings;
  #current: Run | null = null;
  /** Ended, waiting for the row that tells where the next order begins. */
  #ended: Run[] = [];
  #ready: Run[] = [];

  /** @param answers stands at the account's first answer: columns account, scope, key, seq, ordered by seq */
  constructor(account: string, answers: Cursor, findings: Findings) {
    this.#account = account;
    this.#answers = answers;
    this.#findings = findings;
  }

  /** A transfer in the order of commits; `seq` is its entry's journal row, if it has one. */
  see(meta: string, seq: number | null): void {
    const { principal, key } = keyIn(meta);
    const run = this.#current;
    if (run && run.key === key && run.principal === principal) {
      if (seq !== null) run.last = seq;
    } else {
      if (run) this.#ended.push(run);
      this.#current = key === null ? null : { principal, key, last: seq, next: Infinity };
    }
    if (seq === null || this.#ended.length === 0) return;
    for (const ended of this.#ended) {
      ended.next = seq;
      this.#ready.push(ended);
    }
    this.#ended = [];
  }

  get waits(): boolean {
    return this.#ready.length > 0;
  }

  /** Looks for the answers of the orders that are known to have ended. */
  async judge(): Promise<void> {
    for (const run of this.#ready) {
      const at = await this.#answerOf(run);
      if (at === null) this.#say(run.last, run, 'has posted, but no answer is kept for it there');
      else if (run.last !== null && at < run.last)
        this.#say(run.last, run, `was answered before it posted, at ${at}`);
    }
    this.#ready = [];
  }

  /** The row that an order's answer names; answers before it belong to orders that posted nothing. */
  async #answerOf({ principal, key, next }: Run): Promise<number | null> {
    for (;;) {
      const row = this.#answers.row ?? (await this.#answers.more());
      if (!row || row[0] !== this.#account) return null;
      const seq = countAt(row, 3);
      if (seq >= next) return null;
      this.#answers.next();
      if (textAt(row, 2) === key && textAt(row, 1) === principal) return seq;
    }
  }

  /** Judges what is left; an answer may not name a row that the journal does not have. */
  async close(head: number): Promise<void> {
    if (this.#current) this.#ended.push(this.#current);
    this.#current = null;
    for (const ended of this.#ended) this.#ready.push({ ...ended, next: head + 1 });
    await this.judge();
    for (;;) {
      const row = this.#answers.row ?? (await this.#answers.more());
      if (!row || row[0] !== this.#account) return;
      this.#answers.next();
      const seq = countAt(row, 3);
      if (seq > head)
        this.#findings.add('I13', head, `key ${textAt(row, 2)} was answered at ${seq}, past the journal`);
    }
  }

  #say(seq: number | null, { principal, key }: Run, text: string): void {
    this.#findings.add('I13', seq, `key ${key} of ${principal} ${text}`);
  }
}

function keyIn(meta: string): { principal: string; key: string | null } {
  try {
    // As the rules write it; whatever it holds, only texts count.
    const { actor, key } = JSON.parse(meta) as { actor?: { principal?: unknown }; key?: unknown };
    return { principal: String(actor?.principal), key: typeof key === 'string' ? key : null };
  } catch {
    return { principal: '', key: null };
  }
}
