// Every row of the decision table over HTTP, on both storages: a real server, real keys, signed webhooks, the test clock.
// How the rows' words map to calls stands at the end of the contract.
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { checkedFetch } from '../../sync-server/api/contract.ts';
import { readConfig } from '../../sync-server/config.ts';
import { registryOf } from '../../sync-server/identity/accounts.ts';
import { createLog } from '../../sync-server/log.ts';
import { type RunningServer, startServer } from '../../sync-server/server.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

const Row = z.object({
  id: z.string(),
  title: z.string(),
  given: z.array(z.array(z.unknown())),
  when: z.array(z.unknown()),
  expect: z.record(z.string(), z.unknown()),
});
const rows = z.array(Row).parse(JSON.parse(readFileSync('tests/fixtures/rules.vectors.json', 'utf8')));

const Options = z
  .object({ expiresAt: z.number(), priority: z.number(), onInsufficient: z.enum(['pending', 'fail']) })
  .partial();

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const foreignSecret = `whsec_${randomBytes(32).toString('base64')}`;

let dataDir: string;
let server: RunningServer;
let keys: { finance: string; service: string; admin: string };
let now = Date.parse('2026-01-01T00:00:00.000Z');

async function register(scope: 'account' | 'finance' | 'service' | 'admin') {
  const registry = registryOf(server.ledger, server.identity);
  const { principal, apiKey } = await registry.register({ name: 'Row', scope, services: [] });
  return { account: principal.account ?? '', apiKey };
}

/** A server of its own, on this database when one is named. */
async function open(databaseUrl?: string): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-vectors-'));
  const env = {
    DATA_DIR: dataDir,
    PORT: '0',
    CLOCK: 'test',
    PAYMENT_WEBHOOK_SECRET: secret,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    DATABASE_URL: databaseUrl,
  };
  server = await startServer({ config: readConfig(env), log: createLog('silent') });
  const [finance, service, admin] = await Promise.all([
    register('finance'),
    register('service'),
    register('admin'),
  ]);
  keys = { finance: finance.apiKey, service: service.apiKey, admin: admin.apiKey };
}

async function close(): Promise<void> {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** What a call did: the answer's fields, or the refusal's code as `err`. */
type Done = Record<string, unknown>;

async function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<Done> {
  const response = await checkedFetch(server.url + path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body }),
  });
  const fields = z.record(z.string(), z.unknown()).parse(await response.json());
  const replayed = response.headers.get('idempotency-replayed') === 'true';
  if (response.ok) return { ...fields, replayed };
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(fields.status).toBe(response.status);
  return { ...fields, err: fields.code, replayed };
}

const text = (word: unknown) => z.string().parse(word);

/** One row's world: its accounts, what its words are called on the server, and when it began. */
class World {
  readonly start = now;
  readonly names = new Map<string, string>();
  readonly users = new Map<string, { account: string; apiKey: string }>();

  async open(): Promise<void> {
    for (const name of ['u', 'mallory']) this.users.set(name, await register('account'));
  }

  user(name: string) {
    const user = this.users.get(name);
    if (!user) throw new Error(`no user ${name}`);
    return user;
  }

  /** The server's id of a purchase or a withdrawal. */
  id(word: unknown): string {
    return this.names.get(text(word)) ?? text(word);
  }

  call(
    apiKey: string,
    method: string,
    path: string,
    body?: object,
    key: string = randomUUID(),
  ): Promise<Done> {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...(method === 'GET' ? {} : { 'idempotency-key': key.padEnd(16, '.') }),
    };
    return send(method, path, headers, body && JSON.stringify(body));
  }

  credits(): Promise<Done> {
    return this.call(this.user('u').apiKey, 'GET', '/credits');
  }

  purchase(name: unknown): Promise<Done> {
    return this.call(this.user('u').apiKey, 'GET', `/credits/purchases/${this.id(name)}`);
  }

  /** The provider's message; a payment of one purchase always has the same payment id. */
  async hook(
    name: unknown,
    type: string,
    { id = randomUUID(), genuine = true, age = 0 }: { id?: string; genuine?: boolean; age?: number } = {},
  ): Promise<Done> {
    const { total } = await this.purchase(name);
    const data = { provider: 'spherepay', purchase_id: this.id(name), payment_id: `pay-${this.id(name)}` };
    const body = JSON.stringify({
      type,
      data: type === 'payment.succeeded' ? { ...data, amount: total } : data,
    });
    const at = new Date(now - age * 1000);
    const done = await send(
      'POST',
      '/webhooks/payments',
      {
        'webhook-id': `${this.start}-${id}`,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(genuine ? secret : foreignSecret).sign(
          `${this.start}-${id}`,
          at,
          body,
        ),
      },
      body,
    );
    return 'err' in done ? done : { ...(await this.purchase(name)), ...done };
  }

  async buy(name: unknown, amount: unknown, method: 'card' | 'usdc', key?: string): Promise<Done> {
    const done = await this.call(
      this.user('u').apiKey,
      'POST',
      '/credits/purchases',
      { amount, method },
      key,
    );
    if (!('err' in done)) this.names.set(text(name), text(done.id));
    return done;
  }

  finance(path: string, body: object = {}, key?: string): Promise<Done> {
    return this.call(keys.finance, 'POST', `/finance${path}`, body, key);
  }

  service(path: string, body: object, key?: string, user = 'u'): Promise<Done> {
    const account_id = this.user(user).account;
    return this.call(keys.service, 'POST', `/service${path}`, { account_id, ...body }, key);
  }
}

async function run(world: World, words: readonly unknown[], key?: string): Promise<Done> {
  const [verb, a, b, c, d] = words;
  switch (verb) {
    case 'at': {
      now = world.start + z.number().parse(a);
      return world.call(keys.admin, 'POST', '/test/clock', { now: new Date(now).toISOString() });
    }
    case 'buy':
      return world.buy(a, b, c === 'fiat' ? 'card' : 'usdc', key);
    case 'settle':
      return world.hook(a, 'payment.succeeded');
    case 'fund':
      await world.buy(a, b, 'usdc');
      return world.hook(a, 'payment.succeeded');
    case 'payfail':
      return world.hook(a, 'payment.failed');
    case 'hook':
      return world.hook(d, 'payment.succeeded', {
        id: text(a),
        genuine: z.boolean().parse(b),
        age: z.number().parse(c),
      });
    case 'dispute':
      return world.finance(`/purchases/${world.id(a)}/dispute`, {}, key);
    case 'grant': {
      const { expiresAt, priority } = Options.parse(c ?? {});
      const until =
        expiresAt === undefined ? {} : { expires_at: new Date(world.start + expiresAt).toISOString() };
      const body = { account_id: world.user('u').account, id: a, amount: b, source: 'promo' };
      return world.finance(
        '/grants',
        { ...body, ...until, ...(priority === undefined ? {} : { priority }) },
        key,
      );
    }
    case 'auth': {
      const { onInsufficient } = Options.parse(c ?? {});
      const more = onInsufficient === undefined ? {} : { on_insufficient: onInsufficient };
      return world.service('/holds', { id: a, amount: b, service: 'vm', ...more }, key);
    }
    case 'capture':
      return world.service(`/holds/${text(a)}/capture`, { amount: b }, key);
    case 'capture_as':
      return world.service(`/holds/${text(b)}/capture`, { amount: c }, key, text(a));
    case 'void':
      return world.service(`/holds/${text(a)}/void`, {}, key);
    case 'charge':
      return world.service('/charges', { id: a, amount: b, service: 'vm' }, key);
    case 'refund':
      return world.service(`/charges/${text(a)}/refunds`, { id: c, amount: b }, key);
    case 'wd': {
      const body = { amount: b, wallet_address: 'So11111111111111111111111111111111111111112' };
      const done = await world.call(world.user('u').apiKey, 'POST', '/credits/withdrawals', body, key);
      if (!('err' in done)) world.names.set(text(a), text(done.id));
      return done;
    }
    case 'cancel':
      return world.call(
        world.user('u').apiKey,
        'DELETE',
        `/credits/withdrawals/${world.id(a)}`,
        undefined,
        key,
      );
    case 'approve': {
      const by = b === undefined ? keys.finance : world.user(text(b)).apiKey;
      return world.call(by, 'POST', `/finance/withdrawals/${world.id(a)}/approve`, undefined, key);
    }
    case 'reject':
      return world.finance(`/withdrawals/${world.id(a)}/reject`, { reason: 'test' }, key);
    case 'send':
      return world.finance(`/withdrawals/${world.id(a)}/send`, {}, key);
    case 'paid':
      return world.finance(
        `/withdrawals/${world.id(a)}/paid`,
        { tx_url: 'https://explorer.example/tx/1' },
        key,
      );
    case 'payoutFailed':
      return world.finance(`/withdrawals/${world.id(a)}/fail`, {}, key);
    case 'check':
      return world.call(world.user('u').apiKey, 'GET', `/credits/check?amount=${text(a)}`);
    case 'once':
    case 'once!':
      return run(world, z.array(z.unknown()).parse(b), `${world.start}-${text(a)}`);
    default:
      throw new Error(`unknown word ${String(verb)}`);
  }
}

/** The fields of an answer that a row speaks of. */
function pick(from: Done, wanted: Done): Done {
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, from[name]]));
}

async function judge(world: World, when: readonly unknown[], wanted: Done): Promise<void> {
  const { view, ...rest } = wanted;
  // Both sides: what is not expected to be refused is not.
  const fields = { err: undefined, ...rest };
  // Reading the credits settles what is due, so what is written after this is the row's own.
  const before = await world.credits();
  const done = await run(world, when);
  expect(pick(done, fields)).toEqual(fields);
  const after = await world.credits();
  if (fields.err) expect(after.seq).toBe(before.seq);
  const shown = z.record(z.string(), z.unknown()).parse(view ?? {});
  expect(pick({ ...after, total: after.balance }, shown)).toEqual(shown);
}

function play(): void {
  for (const { id, title, given, when, expect: wanted } of rows) {
    test(`${id} ${title}`, async () => {
      // A row begins where the clock stands, a millisecond apart from the one before: its keys are its own.
      now += 1;
      const world = new World();
      await world.call(keys.admin, 'POST', '/test/clock', { now: new Date(now).toISOString() });
      await world.open();
      for (const words of given) {
        const done = await run(world, words);
        // `once!` stands for a call that is refused, on purpose.
        expect('err' in done, JSON.stringify(words)).toBe(words[0] === 'once!');
      }
      // H13 tries many amounts with one word.
      const [verb, charge, amounts] = when;
      const tries =
        verb === 'charge' && Array.isArray(amounts)
          ? amounts.map((amount) => [verb, charge, amount])
          : [when];
      for (const words of tries) await judge(world, words, wanted);
    });
  }
}

describe('on SQLite', () => {
  beforeAll(() => open());
  afterAll(close);
  play();
});

describe('on PostgreSQL', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startPostgres();
    await open(await cluster.createDatabase());
  });
  afterAll(async () => {
    await close();
    await cluster.stop();
  });
  play();
});

test('all rows are here', () => {
  expect(rows).toHaveLength(79);
});
