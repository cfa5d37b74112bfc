// What a verification says when something is wrong: which rule, whose, and from which journal row on.

/** An invariant of rules.md section 14 (`I1` ... `I14`), `M3`, `section 8`, or what a database must be to hold them. */
export type Rule = string;

export interface Finding {
  rule: Rule;
  /** Null when it is the whole database's. */
  account: string | null;
  /** The journal row at which it shows first; null when it belongs to no row. */
  seq: number | null;
  text: string;
}

/** One line for a person: `<account> seq 12: I9: the chain breaks`. */
export function lineOf({ rule, account, seq, text }: Finding): string {
  const where = [account ?? 'ledger', ...(seq === null ? [] : [`seq ${seq}`])].join(' ');
  return `${where}: ${rule}: ${text}`;
}

/** More than these add nothing: one damaged row often breaks what follows it. */
const MAX_PER_ACCOUNT = 8;

/** Gathers an account's findings; the first ones stand, the rest are counted. */
export class Findings {
  readonly list: Finding[] = [];
  readonly account: string;
  #more = 0;

  constructor(account: string) {
    this.account = account;
  }

  add(rule: Rule, seq: number | null, text: string): void {
    if (this.list.length < MAX_PER_ACCOUNT) this.list.push({ rule, account: this.account, seq, text });
    else this.#more += 1;
  }

  /** All that was kept, and a last line for the rest. */
  close(): Finding[] {
    if (this.#more === 0) return this.list;
    const text = `${this.#more} findings more`;
    return [...this.list, { rule: 'more', account: this.account, seq: null, text }];
  }
}
