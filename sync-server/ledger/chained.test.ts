import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_HASH } from '../../shared/chain.ts';
import type { ChainedEntry } from '../../shared/proof.ts';
import { verifyChain } from '../../shared/verify.ts';
import { chainedAfter, placeAfter } from './chained.ts';
import type { Command } from './command.ts';
import type { Ledger } from './ledger.ts';
import { openLedger } from './open.ts';
import { DEFAULT_RULES } from './rules.ts';

const ACCOUNT = 'ann';
/** More rows without an entry than are looked at in one query. */
const QUIET = 2_300;

let dataDir: string;
let ledger: Ledger;
let made = 0;

function settle(command: Command): Promise<unknown> {
  const intent = `chained-${String((made += 1)).padStart(12, '0')}`;
  const actor = { principal: ACCOUNT, scope: 'account' } as const;
  return ledger.settle({ account: ACCOUNT, actor, command, key: intent, intent });
}
const entry = () => settle({ kind: 'withdrawal.cancel', id: 'none' });
const quiet = (index: number) => settle({ kind: 'profile.set', name: `Ann ${index}` });

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-chained-'));
  ledger = await openLedger({ dataDir, clock: { now: () => 1_767_225_600_000 }, rules: DEFAULT_RULES });
  const actor = { principal: 'system', scope: 'system' } as const;
  await ledger.settle({ account: ACCOUNT, actor, command: { kind: 'account.open', name: 'Ann' } });
  const orders: Promise<unknown>[] = [];
  for (let count = 0; count < 3; count += 1) orders.push(entry());
  for (let count = 0; count < QUIET; count += 1) orders.push(quiet(count));
  for (let count = 0; count < 3; count += 1) orders.push(entry(), quiet(QUIET + count));
  await Promise.all(orders);
});
afterAll(async () => {
  await ledger.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function all(from: number, limit: number): Promise<ChainedEntry[]> {
  const found: ChainedEntry[] = [];
  for (let seq = from; ;) {
    const next = await chainedAfter(ledger.database, ACCOUNT, seq, limit);
    found.push(...next.entries);
    if (next.seq === seq) return found;
    seq = next.seq;
  }
}

test('every entry comes once, whatever the steps and however many quiet rows lie between', async () => {
  for (const limit of [1, 2, 500]) {
    const entries = await all(0, limit);
    expect(entries.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await verifyChain(entries, NO_HASH)).ok).toBe(true);
  }
});

test('from the place after any entry the rest goes on, and its chain holds', async () => {
  for (let n = 0; n <= 6; n += 1) {
    const place = await placeAfter(ledger.database, ACCOUNT, n);
    const rest = await all(place?.seq ?? -1, 500);
    expect(rest.map((one) => one.n)).toEqual([1, 2, 3, 4, 5, 6].slice(n));
    expect((await verifyChain(rest, place?.hash ?? '')).ok).toBe(true);
  }
  expect(await placeAfter(ledger.database, ACCOUNT, 7)).toBeNull();
  expect(await placeAfter(ledger.database, 'nobody', 1)).toBeNull();
  expect(await chainedAfter(ledger.database, 'nobody', 0, 10)).toEqual({ entries: [], seq: 0 });
});
