// Finance is told: three business days, the promised review, payments in suspense, accounts below their floor.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ATTENTION } from '../ledger/attention.ts';
import type { Command, JsonObject } from '../ledger/command.ts';
import { DEFAULT_RULES } from '../ledger/decide.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { DAY } from '../../shared/time.ts';
import { startFinanceWatch } from './finance-watch.ts';
import type { Job } from './repeat.ts';

/** A Thursday. */
const START = Date.UTC(2026, 0, 1);
const WALLET = 'So11111111111111111111111111111111111111112';
const Made = z.object({ id: z.string() });
const Asked = Made.extend({ due_by: z.string() });
const actor = { principal: 'system', scope: 'system' } as const;

let dataDir: string;
let ledger: Ledger;
let now: number;
let job: Job | null;
let said: string[];
let counts: Map<string, number>;
let looks: number;

beforeEach(async () => {
  [now, job, said, counts, looks] = [START, null, [], new Map(), 0];
  dataDir = await mkdtemp(join(tmpdir(), 'glance-watch-'));
  ledger = await openLedger({ dataDir, clock: { now: () => now }, rules: DEFAULT_RULES });
  await settle({ kind: 'account.open', name: 'Ann' });
});
afterEach(async () => {
  await job?.stop();
  await ledger.close();
  await rm(dataDir, { recursive: true, force: true });
});

let keys = 0;
async function settle(command: Command): Promise<JsonObject> {
  const outcome = await ledger.settle({ account: 'u', actor, command, key: `key-${(keys += 1)}-0123456789` });
  if (!outcome.ok) throw new Error(outcome.problem.code);
  return outcome.answer;
}

async function buy(amount: bigint, payment = 'pay'): Promise<string> {
  const { id } = Made.parse(await settle({ kind: 'purchase.start', amount, method: 'usdc' }));
  await pay(id, amount, payment);
  return id;
}

function pay(purchase_id: string, amount: bigint, payment_id: string): Promise<JsonObject> {
  return settle({ kind: 'payment.succeeded', purchase_id, payment_id, provider: 'spherepay', amount });
}

function watch(): void {
  const told: string[] = [];
  const log = { warn: (facts: object) => void told.push(...('event' in facts ? [String(facts.event)] : [])) };
  job = startFinanceWatch({
    ledger,
    clock: { now: () => now },
    log,
    // Each line is counted, and nothing without a line.
    onAlert: (event) => void (told.at(-1) === event && said.push(event)),
    onCount(reason, count) {
      counts.set(reason, count);
      // The last figure of a look.
      if (reason === ATTENTION.at(-1)) looks += 1;
    },
    every: 5,
  });
}

/** Waits until it has looked again, from now on. */
async function looked(): Promise<void> {
  // One look may be under way.
  const second = looks + 2;
  await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(second), { timeout: 5_000 });
}

const shows = (reason: string, count: number) =>
  vi.waitFor(() => expect(counts.get(reason)).toBe(count), { timeout: 5_000 });

test('a withdrawal is called for after three business days, and once more when its review is over', async () => {
  await buy(100_000_000n);
  const request = { kind: 'withdrawal.request', amount: 50_000_000n, wallet_address: WALLET } as const;
  const { id, due_by } = Asked.parse(await settle(request));
  watch();
  await shows('withdrawal_reminder', 0);
  // From a Thursday three business days are five days.
  now = START + 5 * DAY - 1;
  await looked();
  expect(said).toEqual([]);
  now = START + 5 * DAY;
  await shows('withdrawal_reminder', 1);
  expect(said).toEqual(['withdrawal_reminder']);
  now = Date.parse(due_by) + 1;
  await shows('withdrawal_overdue', 1);
  now += 40 * DAY;
  await looked();
  expect(said).toEqual(['withdrawal_reminder', 'withdrawal_overdue']);
  expect(counts.get('withdrawal_reminder')).toBe(0);
  await settle({ kind: 'withdrawal.reject', id, reason: 'late' });
  await shows('withdrawal_overdue', 0);
});

test('what waits already at a start is said, and what is settled waits no more', async () => {
  const id = await buy(5_000_000n);
  await pay(id, 5_000_000n, 'again');
  watch();
  await shows('suspense', 1);
  expect(said).toEqual(['suspense']);
  const [row] = await ledger.database.read("SELECT id FROM record WHERE kind = 'suspense'");
  await settle({ kind: 'suspense.match', suspense_id: String(row?.['id']) });
  await shows('suspense', 0);
});

test('an account that is forced below its floor is told once, until it has paid (X36)', async () => {
  await buy(5_000_000n);
  watch();
  await shows('forced', 0);
  await settle({ kind: 'charge', id: 'c', amount: 40_000_000n, service: 'vm', force: true });
  await shows('forced', 1);
  await settle({ kind: 'charge', id: 'd', amount: 1_000_000n, service: 'vm', force: true });
  await looked();
  expect(said).toEqual(['forced']);
  await buy(60_000_000n, 'pay-2');
  await shows('forced', 0);
  await job?.stop();
  await settle({ kind: 'charge', id: 'e', amount: 90_000_000n, service: 'vm', force: true });
  watch();
  await shows('forced', 1);
  expect(said).toEqual(['forced', 'forced']);
});
