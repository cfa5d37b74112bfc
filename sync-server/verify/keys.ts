// I13 on what was posted: a key stands for one order. The answer kept for it names the journal row its order ended at,
// so a second order under the same key would lie behind that row, or have no answer of its own.
import type { Findings } from './findings.ts';
import type { Ahead } from './walk.ts';

export interface AnswerLine {
  principal: string;
  key: string;
  seq: number;
}

interface Order {
  principal: string;
  key: string;
  /** Its first journal row with an entry. */
  first: number;
  /** Where its answer says that it ended; null until the answer is there. */
  end: number | null;
}

export class AnsweredKeys {
  #findings: Findings;
  #order: Order | null = null;
  /** Where the last answered order ended. */
  #ended = 0;
  /** Answers to orders whose rows have not come yet. */
  #early: AnswerLine[] = [];
  #ahead: Ahead;

  constructor(findings: Findings, ahead: Ahead) {
    this.#findings = findings;
    this.#ahead = ahead;
  }

  /** The order at hand has no answer yet. */
  get wanting(): boolean {
    return this.#order?.end === null;
  }

  /** A transfer with its entry in journal row `seq`. */
  see(meta: string, seq: number): void {
    const { principal, key } = keyIn(meta);
    const order = this.#order;
    if (order && order.key === key && order.principal === principal) {
      if (order.end !== null && seq > order.end) {
        this.#say(seq, order, `has posted again after it was answered at ${order.end}`);
      }
      return;
    }
    if (order && seq <= this.#ended)
      this.#say(seq, order, `was answered at ${this.#ended}, past what came after it`);
    this.#order = key === null ? null : { principal, key, first: seq, end: null };
    this.#settle();
  }

  /** An answer; each account's come by their row. @param walked the journal row that has been reached */
  arrive(answer: AnswerLine, walked: number): void {
    this.#early.push(answer);
    this.#ahead.answers += 1;
    this.#settle();
    this.pass(walked);
  }

  /** Journal row `walked` is done: answers up to it that nobody took belong to orders that posted nothing. */
  pass(walked: number): void {
    const [next] = this.#early;
    if (!next || next.seq > walked || this.wanting) return;
    const later = this.#early.findIndex(({ seq }) => seq > walked);
    this.#drop(later < 0 ? this.#early.length : later);
  }

  /** The answer that is wanted will not come. */
  miss(): void {
    const order = this.#order;
    if (!order) return;
    this.#say(order.first, order, 'has posted, but no answer is kept for it there');
    order.end = Infinity;
  }

  /** No rows and no answers come any more. */
  close(head: number): void {
    if (this.wanting) this.miss();
    else if (this.#order && this.#ended > head) {
      this.#say(head, this.#order, `was answered at ${this.#ended}, past the journal`);
    }
    for (const { key, seq } of this.#early) {
      if (seq > head) this.#findings.add('I13', head, `key ${key} was answered at ${seq}, past the journal`);
    }
  }

  #settle(): void {
    const order = this.#order;
    if (!order || order.end !== null) return;
    const { principal, key, first } = order;
    const at = this.#early.findIndex(
      (each) => each.key === key && each.principal === principal && each.seq >= first,
    );
    const answer = this.#early[at];
    if (!answer) return;
    order.end = answer.seq;
    this.#ended = answer.seq;
    this.#drop(at + 1);
  }

  #drop(count: number): void {
    this.#early.splice(0, count);
    this.#ahead.answers -= count;
  }

  #say(seq: number, { principal, key }: Order, text: string): void {
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
