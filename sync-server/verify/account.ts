// Everything there is to check about one account, from streams that stand at its first rows.
import type { RuleConfig } from '../ledger/rules.ts';
import { Findings, type Finding } from './findings.ts';
import type { Head } from './head.ts';
import { History } from './history.ts';
import { KeyRuns } from './keys.ts';
import { Projection } from './projection.ts';
import { Recorded } from './recorded.ts';
import { type Cursor, reasonOf, textAt } from './source.ts';
import { judgeState } from './state.ts';
import { Walk } from './walk.ts';

export interface Streams {
  balances: Cursor;
  records: Cursor;
  journal: Cursor;
  transfers: Cursor;
  answers: Cursor;
}

/** Reads all rows of the account off the streams. Answers what is wrong, the first bad journal row first. */
export async function verifyAccount(head: Head, streams: Streams, rules: RuleConfig): Promise<Finding[]> {
  const findings = new Findings(head.id);
  const history = new History(findings);
  const projection = head.checkpoint ? new Projection(head.checkpoint) : null;
  const keys = new KeyRuns(head.id, streams.answers, findings);
  await new Walk(head.id, streams, { history, keys, projection }, findings).run(head.seq);
  judgeHead(head, history, findings);
  if (projection) {
    const fault = projection.fault();
    if (fault !== null) findings.add('I10', projection.seq, `the stored book ${fault}`);
  }
  const recorded = await readRecords(head.id, streams.records, history, findings);
  await judgeBalances(head, streams.balances, history, findings);
  judgeState(head, history, recorded, rules, findings);
  return findings.close();
}

function judgeHead(head: Head, history: History, findings: Findings): void {
  const { seq, n, hash, section } = history;
  if (head.seq === seq && (head.n !== n || head.hash !== hash))
    findings.add('I9', seq, 'the head is not the end of the chain');
  if (head.at < history.at) findings.add('I9', seq, 'the head is older than its last row');
  const last = section?.seq ?? 0;
  if (head.creditsSeq !== last)
    findings.add('I10', last, `the head names row ${head.creditsSeq} for the credits section`);
}

async function readRecords(
  id: string,
  records: Cursor,
  { fold }: History,
  findings: Findings,
): Promise<Recorded> {
  const recorded = new Recorded();
  const rest = (lot: string) => fold.own.get(lot) ?? 0n;
  for (;;) {
    const row = records.row ?? (await records.more());
    if (!row || row[0] !== id) return recorded;
    records.next();
    try {
      recorded.add(row, rest);
    } catch (error) {
      findings.add('I8', null, `${String(row[1])} ${String(row[2])} cannot be read (${reasonOf(error)})`);
    }
  }
}

/** I10: the cached balances are the fold. */
async function judgeBalances(
  head: Head,
  balances: Cursor,
  { fold }: History,
  findings: Findings,
): Promise<void> {
  const cached = new Map<string, string>();
  for (;;) {
    const row = balances.row ?? (await balances.more());
    if (!row || row[0] !== head.id) break;
    balances.next();
    cached.set(textAt(row, 1), textAt(row, 2));
  }
  for (const name of new Set([...cached.keys(), ...fold.own.keys()])) {
    const folded = String(fold.own.get(name) ?? 0n);
    const stored = cached.get(name) ?? '0';
    if (stored !== folded)
      findings.add('I10', head.seq, `balance ${name} is ${stored} micros, its postings say ${folded}`);
  }
}
