// Checks a range of accounts in one snapshot, all their tables walked side by side.
import type { RuleConfig } from '../ledger/rules.ts';
import { type Streams, verifyAccount } from './account.ts';
import type { Finding } from './findings.ts';
import { type Head, headFrom } from './head.ts';
import { ACCOUNTS, BALANCES, JOURNAL, type Range, RECORDS } from './queries.ts';
import { Cursor, reasonOf, type Rows, SourceError } from './source.ts';

export interface Tally {
  accounts: number;
  transfers: number;
  rows: number;
}

/** Told with what was done since the last call, and what was found. */
export type OnProgress = (tally: Tally, findings: Finding[]) => void | Promise<void>;

/** Transfers between two calls of `progress`. */
const TELL_EVERY = 10_000;

export async function verifyRange(
  rows: Rows,
  range: Range,
  rules: RuleConfig,
  progress: OnProgress,
): Promise<void> {
  const open = (sql: string) => new Cursor(rows.stream(sql, range));
  const accounts = open(ACCOUNTS);
  const streams: Streams = {
    balances: open(BALANCES),
    records: open(RECORDS),
    journal: open(JOURNAL),
    transfers: new Cursor(rows.transfers(range), () => tellSometimes()),
    answers: new Cursor(rows.answers(range)),
  };
  let told: Tally = { accounts: 0, transfers: 0, rows: 0 };
  let found: Finding[] = [];
  const tell = async () => {
    const now = {
      accounts: accounts.passed,
      transfers: streams.transfers.passed,
      rows: streams.journal.passed,
    };
    await progress(
      {
        accounts: now.accounts - told.accounts,
        transfers: now.transfers - told.transfers,
        rows: now.rows - told.rows,
      },
      found,
    );
    told = now;
    found = [];
  };
  const tellSometimes = async () => {
    if (streams.transfers.passed - told.transfers >= TELL_EVERY) await tell();
  };
  try {
    for (let row = await accounts.more(); row; row = await accounts.more()) {
      accounts.next();
      const id = String(row[0]);
      found.push(...(await strangers(streams, id)));
      found.push(...(await verifyOne(() => headFrom(row), id, streams, rules)));
    }
    found.push(...(await strangers(streams, null)));
    await tell();
  } finally {
    for (const cursor of [accounts, ...Object.values(streams)]) await cursor.close();
  }
}

/** One account; a row of it that cannot be read is a finding, and the rest of the account is passed over. */
async function verifyOne(
  head: () => Head,
  id: string,
  streams: Streams,
  rules: RuleConfig,
): Promise<Finding[]> {
  let findings: Finding[] = [];
  try {
    findings = await verifyAccount(head(), streams, rules);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const seq = streams.journal.row?.[0] === id ? Number(streams.journal.row[1]) : null;
    findings = [{ rule: 'I9', account: id, seq, text: `cannot be read on (${reasonOf(error)})` }];
  }
  for (const cursor of Object.values(streams)) await passOver(cursor, (account) => account === id);
  return findings;
}

/** Rows before account `id` (null: all that are left) belong to nobody: each account's are one finding a table. */
async function strangers(streams: Streams, id: string | null): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [table, cursor] of Object.entries(streams)) {
    for (;;) {
      const row = await cursor.more();
      const account = String(row?.[0]);
      if (!row || (id !== null && account >= id)) break;
      const count = await passOver(cursor, (each) => each === account);
      findings.push({
        rule: 'I9',
        account,
        seq: null,
        text: `${count} rows of ${table}, but no such account`,
      });
    }
  }
  return findings;
}

async function passOver(cursor: Cursor, which: (account: string) => boolean): Promise<number> {
  let count = 0;
  for (let row = await cursor.more(); row && which(String(row[0])); row = await cursor.more()) {
    cursor.next();
    count += 1;
  }
  return count;
}
