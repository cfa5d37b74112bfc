// A value that changed within a row is met with a refusal wherever it is read from, and stops the ledger's writing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findAnswer } from '../answers.ts';
import type { Ledger } from '../ledger.ts';
import { findRecord } from '../lookups.ts';
import { openLedger } from '../open.ts';
import { viewOf } from '../read-view.ts';
import { DEFAULT_RULES } from '../rules.ts';
import { DamagedError, StorageError } from './database.ts';
import { brokenRows } from './row-sum.ts';
import { backTo } from './test-older.ts';
import { buy, COMPUTE, FINANCE, give, keyOf, openAccount } from './test-orders.ts';

// Each test opens the ledger more than once: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const NOW = Date.UTC(2026, 0, 1);
const KEY = keyOf('grant');

async function open(dataDir: string): Promise<Ledger> {
  const ledger = await openLedger({ dataDir, clock: { now: () => NOW }, rules: DEFAULT_RULES });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** A ledger with some money in it, and then one value changed as a disk might have. */
async function changed(sql: string): Promise<{ ledger: Ledger; told: string[]; file: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-rows-'));
  const file = join(dataDir, 'glance.sqlite');
  const first = await open(dataDir);
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  await first.settle(openAccount('u'));
  await first.settle(give('u', 1_000_000_000_000n, KEY));
  await first.settle(buy('u', 5_000_000n, keyOf('buy')));
  await first.close();
  const db = new DatabaseSync(file);
  expect(brokenRows(db, 5)).toEqual([]);
  for (const table of ['transfer', 'posting', 'journal']) db.exec(`DROP TRIGGER ${table}_update`);
  expect(Number(db.prepare(sql).run().changes)).toBe(1);
  db.close();
  const ledger = await open(dataDir);
  const told: string[] = [];
  ledger.events.on('damaged', ({ message }) => told.push(message));
  return { ledger, told, file };
}

const CASES: [what: string, sql: string, ask: (ledger: Ledger) => Promise<unknown>][] = [
  [
    'a digit of the credits',
    `UPDATE journal SET patch = replace(patch, '"balance":"1000000"', '"balance":"1000001"')
     WHERE seq = (SELECT credits_seq FROM account)`,
    (ledger) => ledger.credits('u'),
  ],
  [
    'which row holds the credits',
    'UPDATE account SET credits_seq = credits_seq - 1',
    (ledger) => ledger.credits('u'),
  ],
  [
    'a row of the journal',
    'UPDATE journal SET at = at + 1 WHERE seq = 2',
    (ledger) => ledger.journal('u', 0, 100),
  ],
  [
    'a balance, shown',
    "UPDATE balance SET micros = micros - 1 WHERE name LIKE 'lot:%'",
    (ledger) => viewOf(ledger.database, 'u', { now: NOW, rules: DEFAULT_RULES }),
  ],
  [
    'a balance, decided on',
    "UPDATE balance SET micros = micros + 1 WHERE name LIKE 'lot:%'",
    (ledger) => ledger.settle(charge('c1')),
  ],
  [
    'a balance that is gone',
    "DELETE FROM balance WHERE name LIKE 'lot:%'",
    (ledger) => ledger.settle(charge('c1')),
  ],
  [
    'a lot',
    "UPDATE record SET body = replace(body, 'promo', 'prom0') WHERE kind = 'lot'",
    (ledger) => ledger.settle(charge('c1')),
  ],
  [
    'what is known of a person',
    `UPDATE account SET facts = replace(facts, '"micros":"0"', '"micros":"9"')`,
    (ledger) => ledger.settle(charge('c1')),
  ],
  [
    'an amount that was posted',
    "UPDATE posting SET micros = micros + 1 WHERE name LIKE 'lot:%'",
    async (ledger) => {
      const [row] = await ledger.database.read("SELECT id FROM transfer WHERE kind = 'grant'");
      return row;
    },
  ],
  [
    'an answer that was given',
    `UPDATE idempotency SET outcome = replace(outcome, '"seq":2', '"seq":3') WHERE key = '${KEY}' AND scope = '${FINANCE.principal}'`,
    (ledger) => ledger.settle(give('u', 1_000_000_000_000n, KEY)),
  ],
  [
    'an answer beside the record that its order made',
    `UPDATE record SET answer = replace(answer, '"seq":2', '"seq":3') WHERE kind = 'grant'`,
    (ledger) => ledger.settle({ ...give('u', 1_000_000_000_000n, KEY), key: keyOf('new') }),
  ],
  [
    'whose the answer beside a record is, looked up',
    "UPDATE record SET answer_scope = 'x' || answer_scope WHERE kind = 'grant'",
    (ledger) => findRecord(ledger.database, 'u', 'grant', KEY),
  ],
  [
    'an answer that was given, looked up',
    `UPDATE idempotency SET seq = seq + 1 WHERE scope = '${FINANCE.principal}' AND key = '${KEY}'`,
    (ledger) => findAnswer(ledger.database, { principal: FINANCE.principal, account: 'u' }, KEY),
  ],
];

const charge = (id: string) => ({
  account: 'u',
  actor: COMPUTE,
  command: { kind: 'charge', id, amount: 1n, service: 'ray' } as const,
});

test.each(CASES)('%s that changed on the disk is never told', async (_what, sql, ask) => {
  const { ledger, told, file } = await changed(sql);
  await expect(ask(ledger)).rejects.toThrow(/damaged: a row of [^]*restore the last backup/);
  expect(told).toHaveLength(1);
  await expect(ask(ledger)).rejects.toBeInstanceOf(StorageError);
  // What is decided on one damaged row would be wrong in another.
  await expect(ledger.settle(openAccount('v'))).rejects.toThrow(/damaged/);
  expect(told).toHaveLength(1);
  await ledger.close();
  const db = new DatabaseSync(file);
  expect(brokenRows(db, 5)).toHaveLength(1);
  db.close();
});

test('a damaged row of one account hides no other account', async () => {
  const { ledger } = await changed("UPDATE balance SET micros = micros + 1 WHERE name LIKE 'lot:%'");
  await expect(ledger.database.read('SELECT id FROM account')).rejects.toBeInstanceOf(DamagedError);
  expect(
    await ledger.database.read("SELECT kind FROM record WHERE account = 'u' AND kind = 'lot'"),
  ).toHaveLength(1);
});

test('a file of an older release gets its sums when it is opened, and answers as before', async () => {
  const { ledger, file } = await changed('UPDATE account SET version = version + 1');
  const before = await ledger.credits('u');
  await ledger.close();
  const db = new DatabaseSync(file);
  db.exec(backTo('009'));
  for (const table of ['transfer', 'journal']) {
    db.exec(
      `CREATE TRIGGER ${table}_update BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, 'append-only'); END`,
    );
  }
  db.close();
  const again = await open(join(file, '..'));
  expect(await again.credits('u')).toEqual(before);
  expect(await again.settle(charge('c1'))).toMatchObject({ ok: true });
  await again.close();
  const after = new DatabaseSync(file);
  expect(brokenRows(after, 5)).toEqual([]);
  expect(() => after.exec('UPDATE journal SET at = 0')).toThrow(/append-only/);
  after.close();
});
