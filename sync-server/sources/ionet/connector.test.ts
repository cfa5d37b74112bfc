import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Cluster } from '../../../shared/clusters.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';
import type { Command } from '../../ledger/command.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { openLedger } from '../../ledger/open.ts';
import { DEFAULT_RULES } from '../../ledger/rules.ts';
import { type Connector, createConnector } from './connector.ts';
import { deployment, type StandIn, startStandIn } from './stand-in.ts';

const KEY = 'io-key-0123456789';
const OWNER = { principal: 'u', scope: 'account' } as const;
const flip = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x55));
/** As sealing does, it leaves nothing readable, and opens for its purpose only. */
const sealer = {
  seal: (text: string, purpose: string) => flip(Buffer.from(`${purpose}\n${text}`)).toString('base64'),
  open(sealed: string, purpose: string) {
    const [of, text] = flip(Buffer.from(sealed, 'base64')).toString().split('\n');
    if (of !== purpose || text === undefined) throw new Error('sealed for something else');
    return text;
  },
};

let dataDir: string;
let ledger: Ledger;
let standIn: StandIn;
let now: number;
let open: Connector[];
let errors: unknown[];

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1, 2);
  errors = [];
  open = [];
  standIn = await startStandIn();
  dataDir = await mkdtemp(join(tmpdir(), 'glance-ionet-'));
  ledger = await openLedger({ dataDir, clock: { now: () => now }, rules: DEFAULT_RULES });
  await settle('u', { kind: 'account.open', name: 'Ann' });
});
afterEach(async () => {
  for (const each of open) await each.stop();
  await ledger.close();
  await standIn.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const settle = (account: string, command: Command) => ledger.settle({ account, actor: OWNER, command });

function connector(): Connector {
  const note = (facts: object) => void errors.push(facts);
  const made = createConnector({
    ledger,
    sealer,
    baseUrl: standIn.url,
    clock: { now: () => now },
    random: () => 0.5,
    answerWithin: 200,
    log: { debug: () => undefined, warn: note, error: note },
  });
  open.push(made);
  return made;
}

async function connect(to: Connector, account = 'u', key = KEY) {
  await settle(account, { kind: 'source.connect', source: 'ionet', print: hash('sha256', key) });
  await to.connect(account, key);
}

/** What the book says: the clusters, and the source; and how many rows there are. */
async function book(account = 'u') {
  const rows = await ledger.journal(account, 0, 1_000);
  const clusters = new Map<string, Cluster>();
  for (const { patch } of rows) {
    if (!patch.clusters) continue;
    if (patch.clusters.gone) clusters.delete(patch.clusters.id);
    else clusters.set(patch.clusters.id, Cluster.parse(patch.clusters));
  }
  return {
    clusters,
    source: rows.findLast(({ patch }) => patch.sources)?.patch.sources?.ionet,
    rows: rows.length,
  };
}

test('a connected account: its clusters, its key, and nothing that io.net does not tell', async () => {
  standIn.caas = [
    deployment('c1', { extra: { cluster_kind: 'ray' } }),
    deployment('c2', { status: 'hibernating', hardware_name: 'X9' }),
  ];
  standIn.vmaas = [
    deployment('v1', {
      status: 'completed',
      compute_minutes_served: 240,
      compute_minutes_remaining: 0,
      finished_at: '2026-01-01T01:00:00Z',
    }),
  ];
  const ionet = connector();
  await connect(ionet);
  expect((await book()).source).toMatchObject({ state: 'connecting', as_of: null });
  expect(await ionet.askDue()).toBe(1);
  const { clusters, source } = await book();
  expect(source).toEqual({
    state: 'connected',
    since: '2026-01-01T02:00:00.000Z',
    connected_at: '2026-01-01T02:00:00.000Z',
    as_of: '2026-01-01T02:00:00.000Z',
    missing: [],
    key: { used: '1.25', limit: '10', remaining: '8.75', cycle: 'monthly' },
    keys: null,
  });
  expect(clusters.get('c1')).toEqual({
    id: 'c1',
    source: 'ionet',
    name: 'name of c1',
    type: 'container',
    status: 'running',
    device: 'H100',
    quantity: 2,
    // 27.88 for 2 devices and 4 hours, an hour of them served.
    hourly: '3.485',
    paid: '27.88',
    served: '6.97',
    hours: 4,
    created_at: '2026-01-01T00:00:00.000Z',
    started_at: '2026-01-01T00:05:00.000Z',
    ends_at: '2026-01-01T05:00:00.000Z',
    ended_at: null,
    held: '0',
    refunded: '0',
    refundable: '0',
    served_ms: HOUR,
    as_of: '2026-01-01T02:00:00.000Z',
    deadline: null,
    shortfall: null,
    reason: null,
    unknown: ['held', 'refunded', 'refundable'],
    more: {
      brand_name: 'NVIDIA',
      cluster_kind: 'ray',
      gpus_per_container: '2',
      locations: 'United States',
      total_containers: '1',
    },
  });
  expect(clusters.get('c2')).toMatchObject({ status: 'hibernating', ended_at: null, device: 'X9' });
  expect(clusters.get('v1')).toMatchObject({
    type: 'vm',
    ended_at: '2026-01-01T01:00:00.000Z',
    served: '27.88',
  });
  expect(errors).toEqual([]);
});

test('asked again when it is time, and told only what is new', async () => {
  standIn.caas = [deployment('c1')];
  const ionet = connector();
  await connect(ionet);
  await ionet.askDue();
  const { rows } = await book();
  // Something runs: it is asked every minute.
  now += 59 * SECOND;
  expect(await ionet.askDue()).toBe(0);
  now += SECOND;
  standIn.caas = [deployment('c1', { compute_minutes_served: 61, compute_minutes_remaining: 179 })];
  expect(await ionet.askDue()).toBe(1);
  expect((await book()).rows).toBe(rows);
  // The detail of what has not changed is not read again.
  expect(standIn.asked.filter((path) => path.includes('/deployment/'))).toHaveLength(1);
  // Ten minutes of serving, or another status, are news.
  now += MINUTE * 9;
  standIn.caas = [deployment('c1', { compute_minutes_served: 70, compute_minutes_remaining: 170 })];
  await ionet.askDue();
  expect((await book()).clusters.get('c1')?.served_ms).toBe(70 * MINUTE);
  now += MINUTE;
  standIn.caas = [deployment('c1', { status: 'termination requested' })];
  await ionet.askDue();
  expect((await book()).clusters.get('c1')?.status).toBe('termination requested');
  // It is about to end: looked at more often.
  now += 15 * SECOND;
  expect(await ionet.askDue()).toBe(1);
});

test('a part that fails takes no other with it; what was known stays, and says since when', async () => {
  standIn.caas = [deployment('c1')];
  standIn.vmaas = [deployment('v1')];
  const ionet = connector();
  await connect(ionet);
  await ionet.askDue();
  standIn.fault = (path) => (path.includes('/vmaas/') ? { status: 500 } : null);
  standIn.caas = [deployment('c1', { status: 'completed', compute_minutes_remaining: 0 })];
  now += MINUTE;
  await ionet.askDue();
  const { clusters, source } = await book();
  expect(source).toMatchObject({ state: 'connected', missing: ['vmaas'], as_of: '2026-01-01T02:01:00.000Z' });
  expect(clusters.get('c1')?.status).toBe('completed');
  expect(clusters.get('v1')).toMatchObject({ status: 'running', as_of: '2026-01-01T02:00:00.000Z' });
  // Then all of it fails, for an hour: asked later and later, and not one number changes.
  standIn.fault = () => ({ status: 503 });
  standIn.asked.length = 0;
  for (const end = now + HOUR; now < end; now += 10 * SECOND) await ionet.askDue();
  expect((await book()).source).toMatchObject({
    state: 'unreachable',
    as_of: '2026-01-01T02:01:00.000Z',
    key: { used: '1.25' },
  });
  expect(standIn.asked.length).toBeLessThan(40);
  standIn.fault = () => null;
  now += HOUR;
  await ionet.askDue();
  expect((await book()).source).toMatchObject({ state: 'connected', missing: [] });
  expect(errors).toEqual([]);
});

test('a detail that cannot be read is asked for again; until then its figures are unknown', async () => {
  standIn.caas = [deployment('c1')];
  standIn.fault = (path) => (path.includes('/deployment/') ? 'malformed' : null);
  const ionet = connector();
  await connect(ionet);
  await ionet.askDue();
  expect((await book()).clusters.get('c1')).toMatchObject({
    status: 'running',
    unknown: ['held', 'refunded', 'refundable', 'paid', 'hourly', 'served', 'created_at'],
  });
  standIn.fault = () => null;
  now += MINUTE;
  await ionet.askDue();
  expect((await book()).clusters.get('c1')).toMatchObject({
    paid: '27.88',
    unknown: ['held', 'refunded', 'refundable'],
  });
});

test('429: nothing more is asked in this poll, and nothing before the time it names', async () => {
  standIn.fault = () => ({ status: 429, retryAfter: '600' });
  const ionet = connector();
  await connect(ionet);
  await ionet.askDue();
  expect(standIn.asked).toHaveLength(1);
  expect((await book()).source).toMatchObject({ state: 'limited', as_of: null });
  now += 600 * SECOND - 1;
  expect(await ionet.askDue()).toBe(0);
  now += 120 * SECOND;
  expect(await ionet.askDue()).toBe(1);
});

test('a refused key is said so; a new one is tried at once', async () => {
  const ionet = connector();
  await connect(ionet, 'u', 'io-wrong-key-99');
  await ionet.askDue();
  expect((await book()).source).toMatchObject({ state: 'key_refused' });
  now += HOUR;
  expect(await ionet.askDue()).toBe(0);
  await connect(ionet);
  expect(await ionet.askDue()).toBe(1);
  expect((await book()).source).toMatchObject({ state: 'connected' });
});

test('a key that manages keys tells of all of them', async () => {
  standIn.keys.set('io-manager-key-1', 'manager');
  const ionet = connector();
  await connect(ionet, 'u', 'io-manager-key-1');
  await ionet.askDue();
  expect((await book()).source?.keys).toEqual({
    keys: 2,
    today: '1',
    all_time: '25',
    models: [{ model: 'openai/gpt-oss-120b', input_tokens: 200, output_tokens: 20, cost: '1' }],
  });
});

test('disconnected: the key is forgotten, what was read leaves the book, and nobody asks any more', async () => {
  standIn.caas = [deployment('c1')];
  const ionet = connector();
  await connect(ionet);
  await ionet.askDue();
  await settle('u', { kind: 'source.disconnect', source: 'ionet' });
  await ionet.disconnect('u');
  expect(await book()).toMatchObject({ clusters: new Map(), source: null });
  now += 24 * HOUR;
  expect(await ionet.askDue()).toBe(0);
  expect(await ledger.database.read('SELECT * FROM source')).toEqual([]);
});

test('two processes share the work: each account is asked once', async () => {
  const accounts = Array.from({ length: 40 }, (_, index) => `a${index}`);
  const [one, two] = [connector(), connector()];
  for (const account of accounts) {
    await settle(account, { kind: 'account.open', name: account });
    await connect(one, account);
  }
  const asked = await Promise.all([one.askDue(), two.askDue()]);
  expect(asked[0] + asked[1]).toBe(40);
  expect(standIn.asked.filter((path) => path.includes('me/usage'))).toHaveLength(40);
});

test('the key lies nowhere in the clear', async () => {
  const ionet = connector();
  await connect(ionet);
  await ionet.askDue();
  for (const file of ['glance.sqlite', 'glance.sqlite-wal']) {
    expect(readFileSync(join(dataDir, file)).includes(KEY), file).toBe(false);
  }
  expect(JSON.stringify([errors, await ledger.journal('u', 0, 100)])).not.toContain(KEY);
});

test('a key sealed for another account does not open, and harms no other', async () => {
  await settle('v', { kind: 'account.open', name: 'v' });
  const ionet = connector();
  await connect(ionet);
  await connect(ionet, 'v');
  await ledger.database.write([
    { sql: "UPDATE source SET sealed = (SELECT sealed FROM source WHERE account = 'u') WHERE account = 'v'" },
  ]);
  await ionet.askDue();
  expect((await book('u')).source).toMatchObject({ state: 'connected' });
  expect((await book('v')).source).toMatchObject({ state: 'connecting' });
  expect(errors).toHaveLength(1);
});

test('it looks by itself, and stops at once even while io.net is silent', async () => {
  standIn.fault = () => 'slow';
  const ionet = connector();
  await connect(ionet);
  ionet.start();
  await expect.poll(() => standIn.asked.length).toBeGreaterThan(0);
  const begun = performance.now();
  await ionet.stop();
  expect(performance.now() - begun).toBeLessThan(150);
  // What was cut off by the stop is no failure of io.net's.
  expect((await book()).source).toMatchObject({ state: 'connecting' });
});
