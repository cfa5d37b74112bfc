// I13 on what was posted: a key stands for one order. Its transfers lie next to each other, and the key's own row says
// where the order ended, so a second one under the same key would lie behind that row or under its neighbour's.
import type { Finding } from './findings.ts';
import type { Rows } from './source.ts';

/** Keys asked for at once. */
const PAGE = 128;

interface Run {
  account: string;
  principal: string;
  key: string;
  /** Last journal row with an entry of this order; null when it has none. */
  last: number | null;
  /** First such row of whatever came after it; null when nothing did. */
  next: number | null;
}

export class KeyRuns {
  #rows: Rows;
  #findings: Finding[] = [];
  #current: Run | null = null;
  /** Ended, but the row that follows them is not seen yet. */
  #ended: Run[] = [];
  #ready: Run[] = [];

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  /** A transfer in the order of commits; `seq` is its entry's journal row, if it has one. */
  see(account: string, meta: string, seq: number | null): void {
    const { principal, key } = keyIn(meta);
    const run = this.#current;
    if (run && run.account === account && run.key === key && run.principal === principal) {
      if (seq !== null) run.last = seq;
    } else {
      if (run) this.#ended.push(run);
      this.#current = key === null ? null : { account, principal, key, last: seq, next: null };
    }
    if (seq !== null) this.#closeEnded(account, seq);
  }

  #closeEnded(account: string, seq: number | null): void {
    for (const run of this.#ended) {
      if (run.account === account) run.next = seq;
      this.#ready.push(run);
    }
    this.#ended = [];
  }

  get full(): boolean {
    return this.#ready.length >= PAGE;
  }

  async check(): Promise<void> {
    for (let page = this.#ready.splice(0, PAGE); page.length > 0; page = this.#ready.splice(0, PAGE)) {
      const asked = page.map((_, index) => `($${index * 2 + 1}, $${index * 2 + 2})`).join(', ');
      const found = await this.#rows.read(
        `WITH asked (scope, key) AS (VALUES ${asked}) SELECT asked.scope, asked.key, i.account, i.seq
           FROM asked LEFT JOIN idempotency i ON i.scope = asked.scope AND i.key = asked.key`,
        page.flatMap(({ principal, key }) => [principal, key]),
      );
      const rows = new Map(found.map((row) => [`${String(row[0])}\n${String(row[1])}`, row]));
      for (const run of page) this.#judge(run, rows.get(`${run.principal}\n${run.key}`) ?? []);
    }
  }

  #judge({ account, principal, key, last, next }: Run, [, , owner, at]: readonly unknown[]): void {
    const seq = Number(at);
    const say = (row: number | null, text: string) => {
      this.#findings.push({ rule: 'I13', account, seq: row, text: `key ${key} of ${principal} ${text}` });
    };
    if (typeof owner !== 'string') return say(last, 'has posted, but its answer is not kept');
    if (owner !== account) return say(last, `has posted here and answered for ${owner}`);
    if (last !== null && last > seq) say(last, `has posted again after it was answered at ${seq}`);
    if (next !== null && next <= seq) say(next, `was answered at ${seq}, past what came after it`);
  }

  /** Judges what is left, and answers what was found. */
  async close(): Promise<Finding[]> {
    if (this.#current) this.#ended.push(this.#current);
    this.#current = null;
    this.#closeEnded('', null);
    await this.check();
    return this.#findings;
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
