// Re-checks what the tables hold against the invariants that no rule may break: reads only, works beside a server.
// Rules: I1 (postings sum to zero), I9 (no gap in seq, hash chain), I10 (balances follow from postings).
import { hash } from 'node:crypto';
import { chainInput, NO_HASH } from '../../../shared/chain.ts';
import type { Ledger } from '../ledger.ts';

/** Accounts and journal rows read at a time. */
const PAGE = 1_000;

const UNBALANCED = `SELECT t.account, t.id, CAST(sum(p.micros) AS BIGINT) AS micros FROM posting p
  JOIN transfer t ON t.pk = p.transfer GROUP BY t.pk, t.account, t.id HAVING sum(p.micros) <> 0`;

const UNMATCHED = `SELECT account, name, CAST(sum(micros) AS BIGINT) AS micros FROM (
    SELECT t.account, p.name, p.micros FROM posting p JOIN transfer t ON t.pk = p.transfer
    WHERE p.name IN ('held', 'reserved', 'recv') OR p.name LIKE 'lot:%'
    UNION ALL SELECT account, name, -micros FROM balance) AS moved
  GROUP BY account, name HAVING sum(micros) <> 0`;

/** Every finding in one line, the first bad seq of each account named; empty when all is well. */
export async function audit(ledger: Ledger): Promise<string[]> {
  const findings: string[] = [];
  for (const row of await ledger.database.read(UNBALANCED)) {
    findings.push(
      `${String(row['account'])}: transfer ${String(row['id'])} is off by ${String(row['micros'])} micros`,
    );
  }
  for (const row of await ledger.database.read(UNMATCHED)) {
    findings.push(
      `${String(row['account'])}: balance ${String(row['name'])} is off by ${String(row['micros'])} micros`,
    );
  }
  const accounts = 'SELECT id, seq, n, hash FROM account WHERE id > $1 ORDER BY id LIMIT $2';
  for (let after = ''; ;) {
    const page = await ledger.database.read(accounts, [after, PAGE]);
    for (const row of page) {
      const head = { seq: Number(row['seq']), n: Number(row['n']), hash: String(row['hash']) };
      const fault = await chainFault(ledger, String(row['id']), head);
      if (fault) findings.push(`${String(row['id'])}: ${fault}`);
    }
    const last = page.at(-1);
    if (!last) return findings;
    after = String(last['id']);
  }
}

async function chainFault(
  ledger: Ledger,
  account: string,
  head: { seq: number; n: number; hash: string },
): Promise<string | null> {
  let seq = 0;
  let n = 0;
  let chain = NO_HASH;
  for (;;) {
    const rows = await ledger.journal(account, seq, PAGE);
    for (const row of rows) {
      seq += 1;
      if (row.seq !== seq) return `journal row ${seq} is missing`;
      const entry = row.patch.recent;
      if (entry) {
        n += 1;
        if (entry.n !== n) return `journal row ${seq} holds entry ${entry.n}, not ${n}`;
        chain = hash('sha256', chainInput(chain, entry, row.private_digest ?? ''));
      }
      if (row.hash !== chain || row.n !== n) return `the chain breaks at journal row ${seq}`;
    }
    if (rows.length < PAGE) break;
  }
  const ends = head.seq === seq && head.n === n && head.hash === chain;
  return ends ? null : `the account stands at ${head.seq}, its journal ends at ${seq}`;
}
