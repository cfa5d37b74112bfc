// Checks a range of accounts, some thousand at a time: their tables are read once each from end to end, as they lie,
// and every row is brought to its account.
import type { RuleConfig } from '../ledger/rules.ts';
import { AccountCheck } from './account.ts';
import type { Finding } from './findings.ts';
import { checkpointFrom, headFrom } from './head.ts';
import { NTH_ACCOUNT, type Range, type Table } from './queries.ts';
import { Cursor, reasonOf, type Row, type Rows, textAt } from './source.ts';
import type { Ahead } from './walk.ts';

export interface Tally {
  accounts: number;
  transfers: number;
  rows: number;
}

/** Told with what was done since the last call, and what was found. */
export type OnProgress = (tally: Tally, findings: Finding[]) => void | Promise<void>;

/** Accounts whose state is held at once; each takes some kilobytes. */
const AT_ONCE = 2_500;
/** Transfers between two calls of `progress`. */
const TELL_EVERY = 10_000;
/**
 * Transfers between two sweeps of the memory. What an account remembers outlives many of its neighbours' rows, so that
 * the engine takes it for old and lets it lie; asked for, it needs a third of that. Only with `node --expose-gc`.
 */
const SWEEP_EVERY = 30_000;
/**
 * Rows read ahead of those they belong to. Tables are written in step, some hundred orders in a batch, so that more
 * than these means that something is not there.
 */
const MAX_AHEAD = 8_192;

/** @throws SourceError when the database cannot be read on */
export async function verifyRange(
  rows: Rows,
  range: Range,
  rules: RuleConfig,
  progress: OnProgress,
): Promise<void> {
  for (let { after } = range; after < range.upTo;) {
    const [row] = await rows.read(NTH_ACCOUNT, [after, AT_ONCE - 1]);
    const end = row ? textAt(row, 0) : range.upTo;
    const upTo = end < range.upTo ? end : range.upTo;
    await new Pass(rows, { after, upTo }, progress).run(rules);
    after = upTo;
  }
}

class Pass {
  #checks = new Map<string, AccountCheck>();
  #findings: Finding[] = [];
  /** Rows of accounts that do not exist, by table and account. */
  #strangers = new Map<string, { table: Table; account: string; count: number }>();
  #ahead: Ahead = { transfers: 0, answers: 0 };
  #told = { transfers: 0, rows: 0 };
  #swept = 0;
  #progress: OnProgress;
  #open: (table: Table) => Cursor;
  #transfers: Cursor;
  #journal: Cursor;
  #answers: Cursor;

  constructor(rows: Rows, range: Range, progress: OnProgress) {
    this.#progress = progress;
    this.#open = (table) => new Cursor(rows.stream(table, range));
    this.#transfers = new Cursor(rows.stream('transfer', range), () => this.#tellSometimes());
    this.#journal = this.#open('journal');
    this.#answers = this.#open('idempotency');
  }

  async run(rules: RuleConfig): Promise<void> {
    await this.#each(this.#open('account'), (row) => this.#begin(row));
    await this.#walkJournal();
    while (await this.#feedTransfer());
    while (await this.#feedAnswer());
    for (const check of this.#checks.values()) check.endOfJournal();
    await this.#each(this.#open('record'), (row) => this.#checkOf('record', row)?.record(row));
    await this.#each(this.#open('balance'), (row) => this.#checkOf('balance', row)?.balance(row));
    for (const { table, account, count } of this.#strangers.values()) {
      this.#findings.push({
        rule: 'I9',
        account,
        seq: null,
        text: `${count} rows of ${table}, but no such account`,
      });
    }
    for (const check of this.#checks.values()) this.#findings.push(...check.close(rules));
    await this.#tell(this.#checks.size);
  }

  #begin(row: Row): void {
    try {
      const head = headFrom(row);
      this.#checks.set(head.id, new AccountCheck(head, checkpointFrom(row), this.#ahead));
    } catch (error) {
      const account = String(row[0]);
      this.#findings.push({
        rule: 'I9',
        account,
        seq: null,
        text: `its head cannot be read (${reasonOf(error)})`,
      });
    }
  }

  async #walkJournal(): Promise<void> {
    for (;;) {
      const row = this.#journal.row ?? (await this.#journal.more());
      if (!row) return;
      this.#journal.next();
      const check = this.#checkOf('journal', row);
      if (!check) continue;
      const wanted = check.journal(row);
      if (wanted !== null) {
        while (!check.holds(wanted) && this.#ahead.transfers < MAX_AHEAD && (await this.#feedTransfer()));
      }
      check.settle();
      while (check.wantsAnswer && this.#ahead.answers < MAX_AHEAD && (await this.#feedAnswer()));
      if (check.wantsAnswer) check.noAnswer();
    }
  }

  /** Brings the next transfer to its account; false when there is none. */
  async #feedTransfer(): Promise<boolean> {
    const row = this.#transfers.row ?? (await this.#transfers.more());
    if (!row) return false;
    this.#transfers.next();
    this.#checkOf('transfer', row)?.transfer(row);
    return true;
  }

  async #feedAnswer(): Promise<boolean> {
    const row = this.#answers.row ?? (await this.#answers.more());
    if (!row) return false;
    this.#answers.next();
    this.#checkOf('idempotency', row)?.answer(row);
    return true;
  }

  async #each(cursor: Cursor, use: (row: Row) => void): Promise<void> {
    for (let row = await cursor.more(); row; row = cursor.row ?? (await cursor.more())) {
      cursor.next();
      use(row);
    }
  }

  #checkOf(table: Table, row: Row): AccountCheck | undefined {
    const account = String(row[0]);
    const check = this.#checks.get(account);
    if (!check) {
      const name = `${table} ${account}`;
      const stranger = this.#strangers.get(name) ?? { table, account, count: 0 };
      stranger.count += 1;
      if (this.#strangers.size < MAX_AHEAD) this.#strangers.set(name, stranger);
    }
    return check;
  }

  async #tellSometimes(): Promise<void> {
    const { passed } = this.#transfers;
    if (passed - this.#told.transfers < TELL_EVERY) return;
    await this.#tell(0);
    if (passed - this.#swept < SWEEP_EVERY) return;
    this.#swept = passed;
    globalThis.gc?.();
  }

  async #tell(accounts: number): Promise<void> {
    const now = { transfers: this.#transfers.passed, rows: this.#journal.passed };
    const { transfers, rows } = this.#told;
    const findings = this.#findings;
    this.#findings = [];
    this.#told = now;
    await this.#progress({ accounts, transfers: now.transfers - transfers, rows: now.rows - rows }, findings);
  }
}
