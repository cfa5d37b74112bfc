// The verification on a real PostgreSQL: the same checks over the other source.
import { tmpdir } from 'node:os';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { lineOf } from '../../sync-server/verify/findings.ts';
import { Life, livedLedger } from '../../sync-server/verify/rig.ts';
import { SourceError } from '../../sync-server/verify/source.ts';
import { verify } from '../../sync-server/verify/verify.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

async function lived(): Promise<string> {
  const databaseUrl = await cluster.createDatabase();
  await livedLedger({ dataDir: tmpdir(), databaseUrl });
  return databaseUrl;
}

async function findingsOf(databaseUrl: string, threads = 1): Promise<string[]> {
  const found: string[] = [];
  await verify({
    place: { databaseUrl },
    rules: DEFAULT_RULES,
    threads,
    onFinding: (finding) => found.push(lineOf(finding)),
  });
  return found;
}

/** Writes past the ledger and its triggers. */
async function damage(databaseUrl: string, sql: string): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query('SET session_replication_role = replica');
  const { rowCount } = await client.query(sql);
  await client.end();
  if (rowCount === 0) throw new Error(`nothing was damaged by ${sql}`);
}

test('nothing is wrong with a ledger that lived, whatever the number of threads', async () => {
  const databaseUrl = await lived();
  expect(await findingsOf(databaseUrl)).toEqual([]);
  expect(await findingsOf(databaseUrl, 3)).toEqual([]);
});

test('two servers that settle for the same accounts at once leave nothing to find', async () => {
  const databaseUrl = await cluster.createDatabase();
  const open = () =>
    openLedger({ dataDir: tmpdir(), databaseUrl, clock: { now: () => Date.now() }, rules: DEFAULT_RULES });
  const ledgers = [await open(), await open()];
  const lives = ledgers.flatMap((ledger, server) =>
    Array.from({ length: 6 }, (_, writer) => new Life(ledger, `s${server}w${writer}`)),
  );
  const [first] = lives;
  const accounts = ['u', 'v'];
  for (const account of accounts) {
    await first?.open(account);
    await first?.fund(account, 1_000_000_000n);
  }
  await Promise.all(
    lives.map(async (life, index) => {
      const account = accounts[index % 2] ?? 'u';
      for (let count = 0; count < 25; count += 1) {
        const id = `${index}-${count}`;
        await life.hold(account, `h${id}`, 1_000n);
        await life.charge(account, `c${id}`, 10n);
        await life.capture(account, `h${id}`, 400n);
      }
    }),
  );
  for (const ledger of ledgers) await ledger.close();
  expect(await findingsOf(databaseUrl)).toEqual([]);
});

const FIRST_CHARGE = "(SELECT min(pk) FROM transfer WHERE kind = 'usage.charge' AND account = 'ann')";

test.each([
  [
    'an amount in an entry',
    `UPDATE journal SET patch = replace(patch, '"amount":"-1.234567"', '"amount":"-1.234568"')
     WHERE account = 'ann' AND seq = 9`,
    /^ann seq 9: I9: the hash chain breaks$/,
  ],
  [
    'a journal row gone',
    "DELETE FROM journal WHERE account = 'ann' AND seq = 7",
    /^ann seq 7: I9: journal row 7 is missing$/,
  ],
  [
    'one posting',
    `UPDATE posting SET micros = micros + 1 WHERE line = 0 AND transfer = ${FIRST_CHARGE}`,
    /^ann seq 6: I1: transfer \S+ is off by 1 micros$/,
  ],
  [
    'a cached balance',
    "UPDATE balance SET micros = micros + 1 WHERE account = 'cy' AND name = 'reserved'",
    /^cy seq \d+: I10: balance reserved is 7000001 micros, its postings say 7000000$/,
  ],
  [
    'the amount of a closed charge',
    `UPDATE record SET body = replace(body, '"amount":{"micros":"1234567"}', '"amount":{"micros":"1234568"}')
     WHERE kind = 'charge' AND id = 'c5'`,
    /^ann seq \d+: I8: charge c5 is not fully funded$/,
  ],
  [
    'a transfer gone, its postings left',
    `DELETE FROM transfer WHERE kind = 'usage.charge' AND meta LIKE '%charge:c4"%'`,
    /^ledger: I1: 2 postings over 0 micros belong to transfer \d+, which is not there$/,
  ],
])('%s is found, with its account and first bad row', async (_, sql, expected) => {
  const databaseUrl = await lived();
  await damage(databaseUrl, sql);
  const [first] = await findingsOf(databaseUrl);
  expect(first).toMatch(expected);
});

test('a trigger that is switched off and an index that is gone are found', async () => {
  const databaseUrl = await lived();
  const client = new Client(databaseUrl);
  await client.connect();
  await client.query('ALTER TABLE journal DISABLE TRIGGER journal_change; DROP INDEX record_once');
  await client.end();
  expect(await findingsOf(databaseUrl)).toEqual([
    'ledger: schema: index record_once is missing or switched off',
    'ledger: schema: trigger journal_change is missing or switched off',
  ]);
});

test('a server that is not there, and a database without a ledger, are refused in one line', async () => {
  await expect(findingsOf('postgres://nobody@127.0.0.1:1/nowhere')).rejects.toBeInstanceOf(SourceError);
  await expect(findingsOf(await cluster.createDatabase())).rejects.toThrow(/cannot be read/);
});
