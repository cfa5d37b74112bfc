import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_RULES } from '../ledger/decide.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { StorageError } from '../ledger/storage/database.ts';
import { startDueJob } from './due.ts';

let dataDir: string;
let ledger: Ledger;
let now = Date.UTC(2026, 0, 1);

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-due-'));
  ledger = await openLedger({ dataDir, clock: { now: () => now }, rules: DEFAULT_RULES });
});
afterEach(async () => {
  await ledger.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('a grant that ends leaves the book without anybody asking', async () => {
  const actor = { principal: 'system', scope: 'system' } as const;
  await ledger.settle({ account: 'u', actor, command: { kind: 'account.open', name: 'Ann' } });
  const grant = {
    kind: 'grant',
    id: 'g',
    amount: 5_000_000n,
    source: 'promo',
    expires_at: now + 1000,
  } as const;
  await ledger.settle({ account: 'u', actor, command: grant });
  const warned: string[] = [];
  const log = { error: () => undefined, warn: (_: object, message: string) => void warned.push(message) };
  let failures = 2;
  const job = startDueJob({
    ledger: {
      // The database is away twice; the job goes on.
      runDue: (limit) =>
        (failures -= 1) >= 0 ? Promise.reject(new StorageError('away')) : ledger.runDue(limit),
    },
    log,
    every: 5,
  });
  now += 1000;
  await vi.waitFor(async () => {
    const last = (await ledger.journal('u', 0, 100)).at(-1);
    expect(last?.patch).toMatchObject({
      credits: { available: '0' },
      recent: { type: 'expiry', amount: '-5' },
    });
  });
  await job.stop();
  expect(warned).toHaveLength(2);
});
