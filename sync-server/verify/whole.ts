// What no single account can tell: postings without a transfer, and ids that may stand only once in the whole ledger
// (I1 over everything, I13).
import type { Finding } from './findings.ts';
import type { Rows } from './source.ts';

/** Rows named at most for one question. */
const MAX = 20;

const QUESTIONS = [
  {
    rule: 'I1',
    sql: `SELECT p.transfer, count(*), CAST(sum(p.micros) AS TEXT) FROM posting p
      LEFT JOIN transfer t ON t.pk = p.transfer WHERE t.pk IS NULL GROUP BY p.transfer ORDER BY p.transfer LIMIT ${MAX}`,
    text: ([transfer, count, micros]: readonly unknown[]) =>
      `${String(count)} postings over ${String(micros)} micros belong to transfer ${String(transfer)}, which is not there`,
  },
  {
    rule: 'I13',
    sql: `SELECT kind, id, count(*) FROM record WHERE kind IN ('purchase', 'payment')
      GROUP BY id, kind HAVING count(*) > 1 LIMIT ${MAX}`,
    text: ([kind, id, count]: readonly unknown[]) =>
      `${String(kind)} ${String(id)} stands ${String(count)} times`,
  },
  {
    rule: 'I13',
    sql: `SELECT scope, key, count(*) FROM idempotency GROUP BY scope, key HAVING count(*) > 1 LIMIT ${MAX}`,
    text: ([scope, key, count]: readonly unknown[]) =>
      `key ${String(key)} of ${String(scope)} is kept ${String(count)} times`,
  },
  {
    rule: 'I13',
    sql: `SELECT id, count(*) FROM transfer GROUP BY id HAVING count(*) > 1 LIMIT ${MAX}`,
    text: ([id, count]: readonly unknown[]) => `transfer ${String(id)} stands ${String(count)} times`,
  },
  {
    rule: 'I13',
    sql: `SELECT id, count(*) FROM webhook GROUP BY id HAVING count(*) > 1 LIMIT ${MAX}`,
    text: ([id, count]: readonly unknown[]) => `webhook ${String(id)} stands ${String(count)} times`,
  },
];

export async function judgeWhole(rows: Rows): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { rule, sql, text } of QUESTIONS) {
    for (const row of await rows.read(sql))
      findings.push({ rule, account: null, seq: null, text: text(row) });
  }
  return findings;
}
