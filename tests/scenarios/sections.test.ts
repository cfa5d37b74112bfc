// Everything a person can do besides money, on a real file that is closed and opened again in between: the book's
// sections are what the schemas say, and the verification finds nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { Credits, Entry, Purchase } from '../../shared/account.ts';
import { Alerts } from '../../shared/alerts.ts';
import { Cluster } from '../../shared/clusters.ts';
import { Notice } from '../../shared/notices.ts';
import { Plan } from '../../shared/plan.ts';
import { Profile } from '../../shared/profile.ts';
import { runwayOf } from '../../shared/runway.ts';
import { Spend, spendNow } from '../../shared/spend.ts';
import { Tasks } from '../../shared/tasks.ts';
import { Terms } from '../../shared/terms.ts';
import { DAY, HOUR, MINUTE, toRfc3339 } from '../../shared/time.ts';
import type { Actor, Command, JsonObject } from '../../sync-server/ledger/command.ts';
import type { Ledger } from '../../sync-server/ledger/ledger.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { project } from '../../sync-server/sync/project.ts';
import { lineOf } from '../../sync-server/verify/findings.ts';
import { verify } from '../../sync-server/verify/verify.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const ANN: Actor = { principal: 'ann', scope: 'account' };
const COMPUTE: Actor = { principal: 'compute', scope: 'service' };
const SYSTEM: Actor = { principal: 'system', scope: 'system' };

const dataDir = mkdtempSync(join(tmpdir(), 'glance-sections-'));
const clock = { at: START, now: () => clock.at };
let ledger: Ledger;

const open = async () => {
  ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES, ids: { seed: 'sections' } });
};

afterEach(async () => {
  await ledger.close();
  rmSync(dataDir, { recursive: true, force: true });
});

let orders = 0;
/** Gives an order; before it the file is closed and opened again, so that nothing comes from memory. */
async function order(actor: Actor, command: Command): Promise<JsonObject> {
  await ledger.close();
  await open();
  orders += 1;
  const outcome = await ledger.settle({
    account: 'ann',
    actor,
    command,
    key: `order-${orders}`.padEnd(16, '-'),
  });
  if (!outcome.ok) throw new Error(`${command.kind}: ${outcome.problem.code}`);
  return outcome.answer;
}

async function fund(amount: bigint): Promise<void> {
  const { id } = await order(ANN, { kind: 'purchase.start', amount, method: 'usdc' });
  const purchase_id = z.string().parse(id);
  const payment = { purchase_id, payment_id: `pay-${purchase_id}`, provider: 'sphere', amount };
  await order(SYSTEM, { kind: 'payment.succeeded', ...payment });
}

const deploy = (id: string, hours: number) => ({
  kind: 'deployment.create' as const,
  id,
  name: `cluster ${id}`,
  type: 'container' as const,
  device: 'L40S',
  quantity: 2,
  hours,
  hourly: 500_000n,
});
const says = (id: string, status: string): Command => ({
  kind: 'deployment.status',
  id,
  status,
  at: clock.at,
});

test('a month of a person, cold after every step', { timeout: 60_000 }, async () => {
  await open();
  await order(SYSTEM, { kind: 'account.open', name: 'Ann' });
  await order(ANN, { kind: 'profile.set', name: 'Mara Lindqvist', timezone: 'Europe/Berlin' });
  await order(ANN, {
    kind: 'wallet.add',
    chain: 'solana',
    address: 'So11111111111111111111111111111111111111112',
  });
  await order(ANN, { kind: 'terms.accept', version: DEFAULT_RULES.terms.version });
  await order(ANN, {
    kind: 'alerts.set',
    levels: { balance: 20_000_000n, runway_hours: 12, plan_share: 80, spend_per_day: null },
  });
  await fund(40_000_000n);
  await order(ANN, { kind: 'plan.choose', plan: 'developer' });
  await order(COMPUTE, {
    kind: 'usage',
    id: 'use-1',
    model: 'zai-org/GLM-4.6',
    input_tokens: 3_000_000,
    output_tokens: 1_000_000,
    rate: { input: 150_000n, output: 1_000_000n },
    at: clock.at,
  });
  // Ten hours at one credit; extended by five; ended after six.
  await order(ANN, deploy('a', 10));
  await order(COMPUTE, says('a', 'deploying'));
  clock.at += 10 * MINUTE;
  await order(COMPUTE, says('a', 'running'));
  await order(ANN, { kind: 'deployment.extend', id: 'a', hours: 5 });
  clock.at += 6 * HOUR;
  await order(ANN, { kind: 'deployment.end', id: 'a' });
  await order(COMPUTE, says('a', 'terminated'));
  // Twenty hours more, which run to their end.
  await order(ANN, deploy('b', 20));
  await order(COMPUTE, says('b', 'running'));
  await order(ANN, { ...deploy('c', 24), use_allowance: false });
  clock.at += 2 * DAY;
  await order(SYSTEM, { kind: 'tick' });

  const rows = await ledger.journal('ann', 0, 1_000);
  const book = new Y.Doc();
  project(book, rows);
  const section = <T>(name: string, schema: z.ZodMiniType<T>): T =>
    schema.parse(book.getMap(name).get('value'));
  const credits = section('credits', Credits);
  // 40 - 6 for a - 20 for b; c needed 24 credits and had 14, so that it waited for a top-up that never came.
  expect(credits).toMatchObject({ available: '14', held: '0', debt: '0', state: 'active' });
  expect(section('profile', Profile)).toMatchObject({ name: 'Mara Lindqvist', timezone: 'Europe/Berlin' });
  expect(section('profile', Profile).wallets).toHaveLength(1);
  expect(section('terms', Terms).accepted).toBe(DEFAULT_RULES.terms.version);
  expect(section('tasks', Tasks).filter(({ done_at }) => done_at === null)).toEqual([]);
  // The one that changed last stands last.
  const clusters = section('clusters', z.array(Cluster));
  expect(
    clusters.map(({ id, status, paid, refunded, served, reason }) => [
      id,
      status,
      paid,
      refunded,
      served,
      reason,
    ]),
  ).toEqual([
    ['a', 'terminated', '15', '9', '6', null],
    ['c', 'failed', '0', '0', '0', 'grace_expired'],
    ['b', 'completed', '20', '0', '20', null],
  ]);
  const plan = section('plan', Plan);
  // 1.45 of the pool of 1.666666, which was full again at eight.
  expect(plan).toMatchObject({
    plan: 'developer',
    used: '0',
    start: toRfc3339(START + 8 * HOUR),
    models: [],
  });
  expect(section('alerts', Alerts).crossed.balance).not.toBeNull();
  const recent = z.array(Entry).parse(book.getArray('recent').toArray());
  expect(spendNow(section('spend', Spend), recent).days).toMatchObject([
    { day: '2026-01-01', spent: { caas: '26' }, balance: '14' },
  ]);
  expect(section('purchases', z.array(Purchase))).toHaveLength(1);
  expect(section('notices', z.array(Notice)).map(({ code }) => code)).toEqual([
    // Nothing was there when the threshold was set.
    'alert_balance',
    'purchase_settled',
    'alert_plan',
    'refund_arrived',
    'deployment_ended',
    'alert_balance',
    'deployment_unpaid',
    'deployment_failed',
    'deployment_ended',
  ]);
  expect(runwayOf({ credits, clusters, spend: section('spend', Spend) }, clock.at)).toMatchObject({
    confidence: 'exact',
    ends_at: null,
  });

  const found: string[] = [];
  await verify({
    place: { file: join(dataDir, 'glance.sqlite') },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: (finding) => found.push(lineOf(finding)),
  });
  expect(found).toEqual([]);
});
