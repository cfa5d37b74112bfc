// Where facts come from, on both storages: a month of metered inference, resets to the millisecond, a provider that is
// silent, and a simulated life that is killed in the middle. Time is the test clock's.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { DAY, HOUR, MINUTE, type Ms, toRfc3339 } from '../../shared/time.ts';
import { readConfig } from '../../sync-server/config.ts';
import { type Registration, registryOf } from '../../sync-server/identity/accounts.ts';
import type { Order } from '../../sync-server/ledger/command.ts';
import type { JournalRow } from '../../sync-server/ledger/journal.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { StorageError } from '../../sync-server/ledger/storage/database.ts';
import { createLog } from '../../sync-server/log.ts';
import { type RunningServer, startServer } from '../../sync-server/server.ts';
import { readCatalogue } from '../../sync-server/sources/catalogue.ts';
import type { Course } from '../../sync-server/sources/simulator/course.ts';
import { createLife, newCourse, pastClock } from '../../sync-server/sources/simulator/life.ts';
import { createConnector } from '../../sync-server/sources/ionet/connector.ts';
import { deployment, type StandIn, startStandIn } from '../../sync-server/sources/ionet/stand-in.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';
import { checkedFetch } from '../../sync-server/api/contract.ts';

const START = Date.UTC(2026, 0, 1);
/** Micros and tokens are easy to count by hand: 2 credits per million read, 8 per million written. */
const CATALOGUE = {
  devices: [{ device: 'H100', types: ['vm'], hourly: '3', available: 64 }],
  models: [{ model: 'm', input: '2', output: '8' }],
};

const IONET_KEY = 'io-key-0123456789';

let postgres: Cluster;
let ionet: StandIn;
beforeAll(async () => {
  postgres = await startPostgres();
  ionet = await startStandIn();
});
afterAll(async () => {
  await ionet.stop();
  await postgres.stop();
});

describe.each(['sqlite', 'postgres'] as const)('on %s', { timeout: 120_000 }, (engine) => {
  let dataDir: string;
  let server: RunningServer;
  let keys: { gateway: string; admin: string };
  let now = START;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'glance-sources-'));
    await writeFile(join(dataDir, 'catalogue.json'), JSON.stringify(CATALOGUE));
    const env = {
      DATA_DIR: dataDir,
      PORT: '0',
      CLOCK: 'test',
      IONET_API_URL: ionet.url,
      PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
      SECRETS_KEY: randomBytes(32).toString('base64'),
      ...(engine === 'postgres' && { DATABASE_URL: await postgres.createDatabase() }),
    };
    server = await startServer({ config: readConfig(env), log: createLog('silent') });
    const [gateway, admin] = [await register('service'), await register('admin')];
    keys = { gateway: gateway.apiKey, admin: admin.apiKey };
  });
  afterAll(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function register(scope: Registration['scope']) {
    const registry = registryOf(server.ledger, server.identity);
    const { principal, apiKey } = await registry.register({ name: 'Ann', scope, services: [] });
    return { account: principal.account ?? '', apiKey };
  }

  async function call(bearer: string, method: string, path: string, body?: unknown) {
    const response = await checkedFetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status, `${method} ${path}`).toBeLessThan(300);
    return z.record(z.string(), z.unknown()).parse(await response.json());
  }

  async function moveTo(at: Ms) {
    now = at;
    await call(keys.admin, 'POST', '/test/clock', { now: toRfc3339(at) });
  }

  /** An account with this plan and so many credits. */
  async function person(plan: string, credits: bigint) {
    const { account, apiKey } = await register('account');
    const settle = async (command: Order['command']) => {
      const actor = { principal: 'system', scope: 'system' } as const;
      const outcome = await server.ledger.settle({ account, actor, command });
      if (!outcome.ok) throw new Error(outcome.problem.code);
      return outcome.answer;
    };
    const amount = credits * 1_000_000n;
    const { id } = await settle({ kind: 'purchase.start', amount, method: 'usdc' });
    const purchase_id = z.string().parse(id);
    const payment = { purchase_id, payment_id: `pay-${purchase_id}`, provider: 'spherepay', amount };
    await settle({ kind: 'payment.succeeded', ...payment });
    if (plan !== 'standard') await call(apiKey, 'PUT', '/plan', { plan });
    return { account, apiKey };
  }
  type Person = Awaited<ReturnType<typeof person>>;

  const use = ({ account }: Person, at: Ms, input_tokens: number, id: string = randomUUID()) => ({
    id,
    account_id: account,
    model: 'm',
    input_tokens,
    output_tokens: 0,
    at: toRfc3339(at),
  });
  const Items = z.array(z.looseObject({ status: z.string() }));
  const report = async (...items: ReturnType<typeof use>[]) =>
    Items.parse((await call(keys.gateway, 'POST', '/service/usage', items))['items']);
  const credits = ({ apiKey }: Person) => call(apiKey, 'GET', '/credits');
  const plan = ({ apiKey }: Person) => call(apiKey, 'GET', '/plan');

  test('a month on three plans costs what a hand works out, reported late and twice', async () => {
    const people = {
      standard: await person('standard', 500n),
      professional: await person('professional', 500n),
      developer: await person('developer', 500n),
    };
    for (let day = 0; day < 31; day += 1) {
      const midnight = START + day * DAY;
      await moveTo(midnight + 23 * HOUR);
      // A million tokens in each third of the day, told in the evening, and told again.
      const items = Object.entries(people).flatMap(([name, who]) =>
        [1, 9, 17].map((hour) => use(who, midnight + hour * HOUR, 1_000_000, `${name}-${day}-${hour}`)),
      );
      expect(new Set((await report(...items)).map(({ status }) => status))).toEqual(new Set(['posted']));
      expect(new Set((await report(...items)).map(({ status }) => status))).toEqual(new Set(['duplicate']));
    }
    // 6.00 a day; the pool gives 0.05 of it: 31 x 5.95 = 184.45 is charged.
    expect(await credits(people.standard)).toMatchObject({ available: '315.55' });
    // The pool gives 0.50 of it: 31 x 5.50 = 170.50 is charged.
    expect(await credits(people.professional)).toMatchObject({ available: '329.5' });
    // 10% less makes 1.80; each third of a day has a pool of 1.666666: 93 x 0.133334 = 12.400062 is charged.
    expect(await credits(people.developer)).toMatchObject({ available: '487.599938' });
    expect(await plan(people.professional)).toMatchObject({
      plan: 'professional',
      used: '0.5',
      start: '2026-01-31T00:00:00.000Z',
      end: '2026-02-01T00:00:00.000Z',
      models: [{ model: 'm', input_tokens: 3_000_000, cost: '6', quota: '0.5', charged: '5.5' }],
    });
    // One posting for each day and account, not one for each call.
    const { items } = await call(people.standard.apiKey, 'GET', '/credits/transactions?type=usage&limit=100');
    expect(items).toHaveLength(31);
  });

  test('a period ends to the millisecond; what straddles it belongs to where it began', async () => {
    const ann = await person('professional', 20n);
    const midnight = Math.ceil(now / DAY) * DAY;
    await moveTo(midnight - 1);
    // The pool of 0.50 is used up in the last millisecond of the day.
    expect(await report(use(ann, midnight - 1, 250_000))).toMatchObject([{ quota: '0.5', charged: '0' }]);
    expect(await plan(ann)).toMatchObject({ used: '0.5' });
    expect(await report(use(ann, midnight - 1, 50_000))).toMatchObject([{ quota: '0', charged: '0.1' }]);
    await moveTo(midnight);
    expect(await plan(ann)).toMatchObject({ used: '0', start: toRfc3339(midnight) });
    expect(await report(use(ann, midnight - 1, 50_000), use(ann, midnight, 50_000))).toMatchObject([
      { quota: '0', charged: '0.1' },
      { quota: '0.1', charged: '0' },
    ]);

    const dev = await person('developer', 20n);
    await moveTo(midnight + 8 * HOUR);
    expect(
      await report(use(dev, midnight + 8 * HOUR - 1, 1_000_000), use(dev, midnight + 8 * HOUR, 1_000_000)),
    ).toMatchObject([
      { quota: '1.666666', charged: '0.133334' },
      { quota: '1.666666', charged: '0.133334' },
    ]);
  });

  test('two requests at once share what is left of a pool', async () => {
    const ann = await person('professional', 20n);
    const each = await Promise.all([report(use(ann, now, 200_000)), report(use(ann, now, 200_000))]);
    const sums = each.flat().map(({ quota, charged }) => `${String(quota)} + ${String(charged)}`);
    expect(sums.sort()).toEqual(['0.1 + 0.3', '0.4 + 0']);
    expect(await credits(ann)).toMatchObject({ available: '19.7' });
  });

  test('a provider is silent for an hour: what it never took up is given back, what it had begun waits for it', async () => {
    const ann = await person('standard', 100n);
    const deploy = async (name: string) => {
      const wish = { name, type: 'vm', device: 'H100', quantity: 1, hours: 4, payment_method: 'credits' };
      return z.string().parse((await call(ann.apiKey, 'POST', '/deployments', wish))['id']);
    };
    const [never, begun] = [await deploy('never taken up'), await deploy('begun')];
    const say = (id: string, status: string) =>
      call(keys.gateway, 'POST', `/service/deployments/${id}/status`, { status, at: toRfc3339(now) });
    await say(begun, 'deploying');
    expect(await credits(ann)).toMatchObject({ available: '76', held: '24' });
    await moveTo(now + HOUR);
    expect(await call(ann.apiKey, 'GET', `/deployments/${never}`)).toMatchObject({
      status: 'failed',
      reason: 'hold_expired',
    });
    expect(await call(ann.apiKey, 'GET', `/deployments/${begun}`)).toMatchObject({ status: 'deploying' });
    expect(await credits(ann)).toMatchObject({ available: '88', held: '12' });
    await say(begun, 'running');
    expect(await credits(ann)).toMatchObject({ available: '88', held: '0', balance: '88' });
    // It breaks after an hour and a half, and its provider says so only an hour later: that hour is not paid.
    const broke = now + 90 * MINUTE;
    await moveTo(broke + HOUR);
    const failed = { status: 'failed', at: toRfc3339(broke), reason: 'host_lost' };
    await call(keys.gateway, 'POST', `/service/deployments/${begun}/status`, failed);
    expect(await credits(ann)).toMatchObject({ available: '95.5' });
  });

  test('a real account is connected in Settings, seen within seconds, and gone again', async () => {
    ionet.caas = [deployment('c1'), deployment('c2', { status: 'hibernating' })];
    const ann = await person('standard', 10n);
    const rows = () => server.ledger.journal(ann.account, 0, 1_000);
    const source = async () => (await rows()).findLast(({ patch }) => patch.sources)?.patch.sources?.ionet;
    await call(ann.apiKey, 'PUT', '/sources/ionet', { api_key: IONET_KEY });
    await expect.poll(source, { timeout: 10_000 }).toMatchObject({
      state: 'connected',
      missing: [],
      key: { used: '1.25', remaining: '8.75' },
    });
    const told = (await rows()).flatMap(({ patch }) => patch.clusters ?? []);
    expect(told.map(({ id, status }) => [id, status])).toEqual([
      ['c1', 'running'],
      ['c2', 'hibernating'],
    ]);
    // What runs elsewhere costs nothing here.
    expect(await credits(ann)).toMatchObject({ available: '10' });
    expect(JSON.stringify(await rows())).not.toContain(IONET_KEY);
    expect(await call(ann.apiKey, 'DELETE', '/sources/ionet')).toEqual({ ionet: null });
    expect(await source()).toBeNull();
    expect(await server.ledger.database.read('SELECT account FROM source')).toEqual([]);
  });

  test('two connectors on one database never ask for the same account at once', async () => {
    const { ledger } = server;
    const people = await Promise.all(Array.from({ length: 30 }, () => person('standard', 1n)));
    const log = { debug: () => undefined, warn: () => undefined, error: () => undefined };
    const sealer = { seal: (text: string) => text, open: (sealed: string) => sealed };
    // A clock of their own, so that the server's connector finds nothing due.
    const clock = { now: () => Date.now() + DAY };
    const pair = [0, 1].map(() => createConnector({ ledger, sealer, clock, log, baseUrl: ionet.url }));
    for (const { account } of people) {
      const actor = { principal: 'u', scope: 'account' } as const;
      const command = { kind: 'source.connect', source: 'ionet', print: 'p' } as const;
      await ledger.settle({ account, actor, command });
      await pair[0]?.connect(account, IONET_KEY);
    }
    ionet.asked.length = 0;
    await Promise.all(pair.map((each) => each.askDue()));
    expect(ionet.asked.filter((path) => path.includes('me/usage'))).toHaveLength(30);
    for (const { account } of people) await pair[0]?.disconnect(account);
    await Promise.all(pair.map((each) => each.stop()));
  });

  test('a simulated life that is killed in the middle of everything has the same journal in the end', async () => {
    const whole = await live([null]);
    expect(whole.length).toBeGreaterThan(3_000);
    expect(await live([700, 1_400, null])).toEqual(whole);
  });

  /** Lives 90 days in one process after another; each dies after so many orders, the last one does not. */
  async function live(processes: (number | null)[]): Promise<JournalRow[]> {
    const folder = await mkdtemp(join(tmpdir(), 'glance-life-'));
    const databaseUrl = engine === 'postgres' ? await postgres.createDatabase() : undefined;
    const real = { now: () => START };
    let course: Course = newCourse(START);
    const rows: JournalRow[] = [];
    for (const dies of processes) {
      const clock = pastClock(real);
      clock.moveTo(course[0].wall);
      const place = { dataDir: folder, databaseUrl, clock, rules: DEFAULT_RULES, ids: { seed: 'life' } };
      const ledger = await openLedger(place);
      let orders = 0;
      const mortal = new Proxy(ledger, {
        get: (target, name) => {
          if (name !== 'settle') return Reflect.get(target, name, target);
          return (order: Order) =>
            (orders += 1) > (dies ?? Infinity)
              ? Promise.reject(new StorageError('killed'))
              : ledger.settle(order);
        },
      });
      const open = { kind: 'account.open', name: 'Demo' } as const;
      const actor = { principal: 'system', scope: 'system' } as const;
      await ledger.settle({ account: 'demo', actor, command: open });
      const silent = () => undefined;
      const life = createLife({
        ledger: mortal,
        account: 'demo',
        course,
        clock,
        real,
        seed: 'life',
        rules: DEFAULT_RULES,
        catalogue: readCatalogue(folder),
        keep: (changed) => (course = changed),
        log: { debug: silent, warn: silent, error: silent },
      });
      if (dies === null) await life.catchUp();
      else await expect(life.catchUp()).rejects.toThrow('killed');
      if (dies === null) {
        for (let more = -1; more !== 0;) {
          const next = await ledger.journal('demo', rows.length, 1_000);
          rows.push(...next);
          more = next.length;
        }
      }
      await ledger.close();
    }
    await rm(folder, { recursive: true, force: true });
    return rows;
  }
});
