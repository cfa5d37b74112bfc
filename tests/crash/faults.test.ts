// A disk that is full, read-only, busy or damaged: the order fails whole, nothing wrong is told, and when the disk is
// well again the same orders settle. Faults that need root or a shim are in soak.ts.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { Order, Outcome } from '../../sync-server/ledger/command.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { DamagedError, StorageError } from '../../sync-server/ledger/storage/database.ts';
import { idSource } from '../../sync-server/ledger/storage/ids.ts';
import { readMigrations } from '../../sync-server/ledger/storage/migrate.ts';
import { openWriter } from '../../sync-server/ledger/storage/sqlite-file.ts';
import { SqliteWriter } from '../../sync-server/ledger/storage/sqlite-writer.ts';
import { lineOf } from '../../sync-server/verify/findings.ts';
import { verify } from '../../sync-server/verify/verify.ts';
import { accounts, orderOf, prepare } from './orders.ts';

const RULES = DEFAULT_RULES;
const PAGE = 4_096;

/** A funded ledger on a file of its own. */
async function fundedFile(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-faults-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const ledger = await openLedger({ dataDir, clock: { now: () => Date.now() }, rules: RULES });
  await prepare(ledger);
  await ledger.close();
  return join(dataDir, 'glance.sqlite');
}

/** The thread's own writer on this thread, so that its connection can be troubled. */
function writerOn(file: string): { db: DatabaseSync; settle(order: Order): Outcome | string } {
  const db = openWriter(file, readMigrations('sqlite'));
  const writer = new SqliteWriter(db, { rules: RULES, idsFor: idSource(undefined) });
  onTestFinished(() => writer.close());
  let id = 0;
  return {
    db,
    settle: (order) => {
      const [done] = writer.run([{ id: (id += 1), task: { order, now: Date.now() } }]).done;
      if (done && 'failure' in done) return `${done.failure.kind}: ${done.failure.message}`;
      if (!done || !('reply' in done) || !('outcome' in done.reply)) throw new Error('no outcome');
      return JSON.parse(done.reply.outcome) as Outcome;
    },
  };
}

async function faultsOf(file: string): Promise<string[]> {
  const found: string[] = [];
  await verify({
    place: { file },
    rules: RULES,
    threads: 1,
    onFinding: (finding) => found.push(lineOf(finding)),
  });
  return found;
}

/** The page on which a text stands first. */
function pageOf(file: string, text: string): number {
  const at = readFileSync(file).indexOf(text);
  expect(at).toBeGreaterThan(0);
  return Math.floor(at / PAGE);
}

const charge = (count: number) => orderOf(0, 0, count * 4);

test('a full disk refuses whole orders, and takes them again once it has room', async () => {
  const file = await fundedFile();
  const { db, settle } = writerOn(file);
  const room = Number(db.prepare('PRAGMA page_count').get()?.['page_count']) + 4;
  db.exec(`PRAGMA max_page_count = ${room}`);
  let count = 0;
  while (typeof settle(charge(count)) !== 'string') count += 1;
  expect(count).toBeGreaterThan(0);
  expect(settle(charge(count))).toMatch(/^storage: .*full/);
  // What was settled before is still answered, also now.
  expect(settle(charge(count - 1))).toMatchObject({ ok: true, replayed: true });
  expect(await faultsOf(file)).toEqual([]);
  db.exec('PRAGMA max_page_count = 1000000');
  expect(settle(charge(count))).toMatchObject({ ok: true, replayed: false });
  expect(settle(charge(count))).toMatchObject({ ok: true, replayed: true });
  expect(await faultsOf(file)).toEqual([]);
});

test('a disk that became read-only refuses, and never half', async () => {
  const file = await fundedFile();
  const { db, settle } = writerOn(file);
  expect(settle(charge(0))).toMatchObject({ ok: true });
  db.exec('PRAGMA query_only = ON');
  expect(settle(charge(1))).toMatch(/^storage: .*readonly/);
  db.exec('PRAGMA query_only = OFF');
  expect(settle(charge(0))).toMatchObject({ ok: true, replayed: true });
  expect(settle(charge(1))).toMatchObject({ ok: true, replayed: false });
  expect(await faultsOf(file)).toEqual([]);
});

test('a file that another program locks is waited for, then refused, never answered wrongly', async () => {
  const file = await fundedFile();
  const { db, settle } = writerOn(file);
  db.exec('PRAGMA busy_timeout = 50');
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  expect(settle(charge(0))).toMatch(/^storage: .*locked/);
  other.exec('ROLLBACK');
  other.close();
  expect(settle(charge(0))).toMatchObject({ ok: true, replayed: false });
  expect(await faultsOf(file)).toEqual([]);
});

test('a batch that the disk refuses answers every order of it with the refusal', async () => {
  const file = await fundedFile();
  const db = openWriter(file, readMigrations('sqlite'));
  const writer = new SqliteWriter(db, { rules: RULES, idsFor: idSource(undefined) });
  onTestFinished(() => writer.close());
  db.exec('PRAGMA query_only = ON');
  const jobs = accounts.map((_, id) => ({ id, task: { order: orderOf(0, id, 0), now: Date.now() } }));
  const { done, committed } = writer.run(jobs);
  expect(done.map((each) => 'failure' in each && each.failure.kind)).toEqual(accounts.map(() => 'storage'));
  expect(committed).toEqual([]);
});

test('pages that are damaged under a running ledger are refused, and nothing more is written', async () => {
  const file = await fundedFile();
  const from = pageOf(file, '{"recent":{') * PAGE;
  const ledger = await openLedger({
    dataDir: join(file, '..'),
    clock: { now: () => Date.now() },
    rules: RULES,
  });
  onTestFinished(() => ledger.close());
  const told: string[] = [];
  ledger.events.on('damaged', ({ message }) => told.push(message));
  expect(await ledger.settle(charge(0))).toMatchObject({ ok: true });
  const [account = ''] = accounts;
  // From another process: closing the file in this one would give up the locks on it.
  const write = `const { openSync, writeSync } = require('node:fs');
    writeSync(openSync(process.argv[1], 'r+'), Buffer.alloc(${PAGE}, 0x55), 0, ${PAGE}, ${from})`;
  execFileSync(process.execPath, ['-e', write, file]);
  await expect(ledger.journal(account, 0, 1_000)).rejects.toBeInstanceOf(DamagedError);
  await expect(ledger.settle(charge(1))).rejects.toThrow(/damaged[^]*restore/);
  expect(told).toHaveLength(1);
});

test('damaged pages stop the start, with what to do', async () => {
  const file = await fundedFile();
  const bytes = readFileSync(file);
  const page = pageOf(file, '{"recent":{');
  bytes.fill(0x55, page * PAGE, (page + 1) * PAGE);
  writeFileSync(file, bytes);
  const start = openLedger({
    dataDir: join(file, '..'),
    clock: { now: () => Date.now() },
    rules: RULES,
  });
  await expect(start).rejects.toBeInstanceOf(StorageError);
  await expect(start).rejects.toThrow(/damaged[^]*restore/);
});
