import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../ledger.ts';
import { openLedger } from '../open.ts';
import { DEFAULT_RULES } from '../rules.ts';
import { storageAcceptance } from './acceptance.ts';
import { audit } from './audit.ts';
import { StorageError } from './database.ts';
import { isFatal } from './sqlite-errors.ts';
import { buy, COMPUTE, FINANCE, give, keyOf, openAccount } from './test-orders.ts';

storageAcceptance('SQLite', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'glance-ledger-'));
  return { where: { dataDir }, remove: () => rm(dataDir, { recursive: true, force: true }) };
});

let dataDir: string;
let ledger: Ledger | undefined;
const open = (seed?: string) =>
  openLedger({
    dataDir,
    clock: { now: () => Date.UTC(2026, 0, 1) },
    rules: DEFAULT_RULES,
    ...(seed === undefined ? {} : { ids: { seed } }),
  });

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-sqlite-'));
});
afterEach(async () => {
  await ledger?.close();
  ledger = undefined;
  await rm(dataDir, { recursive: true, force: true });
});

test(
  'a second server on the same file is refused, in this process and in another',
  { timeout: 60_000 },
  async () => {
    ledger = await open();
    await expect(open()).rejects.toThrow(/glance\.sqlite is in use.*DATA_DIR/);
    const child = new URL('./child.ts', import.meta.url).pathname;
    const job = JSON.stringify({ dataDir, account: 'u', round: 0 });
    const other = spawnSync(process.execPath, [child, job], { encoding: 'utf8' });
    expect(other.status).not.toBe(0);
    expect(other.stderr).toMatch(/glance\.sqlite is in use/);
    await ledger.close();
    ledger = await open();
    expect(await ledger.settle(openAccount('u'))).toMatchObject({ ok: true });
  },
);

test('a full disk refuses with a StorageError and writes no part; with room again the same key settles', async () => {
  const here = await open();
  ledger = here;
  await here.settle(openAccount('u'));
  const [pages] = await here.database.read('PRAGMA page_count');
  await here.database.write([{ sql: `PRAGMA max_page_count = ${String(pages?.['page_count'])}` }]);
  const many = Array.from({ length: 200 }, (_, index) => give('u', 2_000_000n, keyOf(`k${index}`)));
  const full = await Promise.allSettled(many.map((order) => here.settle(order)));
  const refused = full.filter((each) => each.status === 'rejected').map((each): unknown => each.reason);
  expect(refused.length).toBeGreaterThan(0);
  for (const reason of refused) expect(reason).toBeInstanceOf(StorageError);
  expect(await audit(here)).toEqual([]);

  await here.database.write([{ sql: 'PRAGMA max_page_count = 1000000' }]);
  const settled = await Promise.all(many.map((order) => here.settle(order)));
  for (const outcome of settled) expect(outcome).toMatchObject({ ok: true });
  expect(new Set(settled.map((outcome) => outcome.seq)).size).toBe(200);
  expect(await audit(here)).toEqual([]);
});

test('a file that is no database, or a damaged one, is refused and left as it is', async () => {
  await writeFile(join(dataDir, 'glance.sqlite'), 'not a database, but long enough to look at'.repeat(200));
  await expect(open()).rejects.toThrow(StorageError);
});

test('a migration that was changed after it ran is refused', async () => {
  ledger = await open();
  await ledger.close();
  const db = new DatabaseSync(join(dataDir, 'glance.sqlite'));
  db.exec("UPDATE migration SET checksum = 'other'");
  db.close();
  await expect(open()).rejects.toThrow(/001_ledger.sql was changed/);
});

test('ids from a seed repeat, whatever the batches were', async () => {
  const runs: unknown[] = [];
  for (const together of [true, false]) {
    const here = await open('seed');
    ledger = here;
    await here.settle(openAccount('u'));
    const orders = [1, 2, 3].map((count) => buy('u', BigInt(count) * 1_000_000n, keyOf(`k${count}`)));
    if (together) await Promise.all(orders.map((order) => here.settle(order)));
    else for (const order of orders) await here.settle(order);
    runs.push(await here.journal('u', 0, 100));
    await here.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  expect(runs[0]).toEqual(runs[1]);
});

test(
  'an order that names its id is answered as at first, whatever becomes of its record',
  { timeout: 30_000 },
  async () => {
    const charge = (id: string, principal: string = COMPUTE.principal, amount = 2_000_000n) => ({
      account: 'u',
      actor: { ...COMPUTE, principal },
      command: { kind: 'charge', id, amount, service: 'vm' } as const,
    });
    const refund = { kind: 'charge.refund', charge_id: 'c1', id: 'r1', amount: 500_000n } as const;
    const answers = (here: Ledger) => here.database.read('SELECT scope, key FROM idempotency');

    ledger = await open();
    await ledger.settle(openAccount('u'));
    await ledger.settle({
      account: 'u',
      actor: FINANCE,
      command: { kind: 'grant', id: 'g1', amount: 10_000_000n, source: 'promo' },
    });
    // Two principals with one id in one transaction: only one answer can stand beside the record.
    const [mine, theirs] = await Promise.all([
      ledger.settle(charge('c1')),
      ledger.settle(charge('c1', 'other')),
    ]);
    expect(mine).toMatchObject({ ok: true, replayed: false, answer: { refunded: '0' } });
    expect(theirs).toMatchObject({ ok: true, replayed: false, seq: mine.seq });
    expect(await answers(ledger)).toEqual([{ scope: 'other u charge', key: 'c1' }]);
    const poor = await ledger.settle(charge('c2', COMPUTE.principal, 900_000_000n));
    expect(poor).toMatchObject({ ok: false, problem: { code: 'insufficient_credits' }, replayed: false });
    expect(await ledger.settle({ account: 'u', actor: COMPUTE, command: refund })).toMatchObject({
      ok: true,
    });

    for (const together of [true, false]) {
      const again = [
        charge('c1'),
        charge('c1', 'other'),
        charge('c2', COMPUTE.principal, 900_000_000n),
        { account: 'u', actor: COMPUTE, command: refund },
      ];
      const here = ledger;
      const replies = together ? await Promise.all(again.map((order) => here.settle(order))) : [];
      if (!together) for (const order of again) replies.push(await here.settle(order));
      expect(replies.slice(0, 3)).toEqual([
        { ...mine, replayed: true },
        { ...theirs, replayed: true },
        { ...poor, replayed: true },
      ]);
      expect(replies[3]).toMatchObject({ ok: true, replayed: true, answer: { id: 'r1', amount: '0.5' } });
      expect(await ledger.settle(charge('c1', COMPUTE.principal, 1n))).toMatchObject({
        problem: { code: 'duplicate_id' },
      });
      expect(await ledger.credits('u')).toMatchObject({ available: '8.5' });
      expect(await audit(ledger)).toEqual([]);
      await ledger.close();
      ledger = await open();
    }
  },
);

test('a stop writes the log back and leaves none beside the file', async () => {
  ledger = await open();
  await ledger.settle(openAccount('u'));
  expect(await readdir(dataDir)).toContain('glance.sqlite-wal');
  await ledger.close();
  const left = await readdir(dataDir);
  expect(left.filter((name) => /-(wal|shm)$/.test(name))).toEqual([]);
});

test('after close every call is refused, closing twice is fine', async () => {
  ledger = await open();
  await ledger.close();
  await ledger.close();
  await expect(ledger.settle(openAccount('u'))).rejects.toThrow(StorageError);
});

test('only a failed fsync and a corrupt file stop the writer for good', () => {
  const sqlite = (errcode: number) => Object.assign(new Error('x'), { errcode });
  const FSYNC = 1034;
  expect(isFatal(sqlite(FSYNC), true)).toBe(true);
  expect(isFatal(sqlite(11), false)).toBe(true);
  expect(isFatal(sqlite(13), true)).toBe(false);
  expect(isFatal(sqlite(266), false)).toBe(false);
  expect(isFatal(new Error('x'), true)).toBe(false);
});
