// Two whole servers on one PostgreSQL: whoever is asked, people and money are the same.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { checkedFetch } from '../../sync-server/api/contract.ts';
import { readConfig } from '../../sync-server/config.ts';
import { type Registration, registryOf } from '../../sync-server/identity/accounts.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { createLog } from '../../sync-server/log.ts';
import { checkMark, LedgerWentBack, markFile } from '../../sync-server/mark.ts';
import { acceptPresent } from '../../sync-server/restore.ts';
import { systemClock } from '../../sync-server/rules.ts';
import { type RunningServer, startServer } from '../../sync-server/server.ts';
import { epochOf } from '../../sync-server/sync/epoch.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
let cluster: Cluster;
let address: string;
let dirs: string[];
let one: RunningServer;
let two: RunningServer;

beforeAll(async () => {
  cluster = await startPostgres();
  address = await cluster.createDatabase();
  const env = {
    DATABASE_URL: address,
    PORT: '0',
    PAYMENT_WEBHOOK_SECRET: secret,
    SECRETS_KEY: randomBytes(32).toString('base64'),
  };
  dirs = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'glance-two-'))));
  const [first, second] = await Promise.all(
    dirs.map((DATA_DIR) =>
      startServer({ config: readConfig({ ...env, DATA_DIR }), log: createLog('silent') }),
    ),
  );
  if (!first || !second) throw new Error('Two servers were asked for.');
  [one, two] = [first, second];
});
afterAll(async () => {
  await Promise.all([one.stop(), two.stop()]);
  await cluster.stop();
  await Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true })));
});

function register(scope: Registration['scope'] = 'account', services: Registration['services'] = []) {
  return registryOf(one.ledger, one.identity).register({ name: 'Ann', scope, services });
}

async function call(server: RunningServer, bearer: string, method: string, path: string, body?: object) {
  const response = await checkedFetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const fields = z.record(z.string(), z.unknown()).parse(text === '' ? {} : JSON.parse(text));
  return { status: response.status, body: fields };
}

async function fund(apiKey: string, amount: string): Promise<void> {
  const bought = await call(one, apiKey, 'POST', '/credits/purchases', { amount, method: 'usdc' });
  const text = JSON.stringify({
    type: 'payment.succeeded',
    data: { purchase_id: bought.body.id, payment_id: randomUUID(), amount },
  });
  const now = new Date();
  const id = randomUUID();
  // The same message to both servers at once, as a provider that lost patience sends it.
  const answers = await Promise.all(
    [one, two].map((server) =>
      checkedFetch(`${server.url}/webhooks/payments`, {
        method: 'POST',
        headers: {
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
          'webhook-signature': new Webhook(secret).sign(id, now, text),
        },
        body: text,
      }).then(async (response) => z.object({ duplicate: z.boolean() }).parse(await response.json())),
    ),
  );
  expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(1);
}

test('money paid through one server is there on the other, once', async () => {
  const { apiKey } = await register();
  await fund(apiKey, '100');
  for (const server of [one, two]) {
    expect((await call(server, apiKey, 'GET', '/credits')).body).toMatchObject({ balance: '100' });
  }
});

test('servers whose database takes no write are not ready until it does', async () => {
  const readiness = () =>
    Promise.all([one, two].map(async ({ url }) => (await checkedFetch(`${url}/readyz`)).status));
  expect(await readiness()).toEqual([200, 200]);
  const client = new Client(address);
  await client.connect();
  const set = async (sql: string) => {
    await client.query(sql);
    await client.query('SELECT pg_reload_conf()');
  };
  try {
    await set('ALTER SYSTEM SET default_transaction_read_only = on');
    await vi.waitFor(async () => expect(await readiness()).toEqual([503, 503]), {
      timeout: 10_000,
      interval: 200,
    });
  } finally {
    await client.query('SET default_transaction_read_only = off');
    await set('ALTER SYSTEM RESET default_transaction_read_only');
    await client.end();
  }
  await vi.waitFor(async () => expect(await readiness()).toEqual([200, 200]), {
    timeout: 10_000,
    interval: 200,
  });
});

test('a device signed in on one server is known to the other, also when both rotate keys', async () => {
  const { apiKey } = await register();
  const tokens = await one.identity.signIn(apiKey, { name: 'Laptop' });
  expect((await call(two, tokens.accessToken, 'GET', '/credits')).status).toBe(200);
  await two.identity.rollover();
  const renewed = await two.identity.refresh(tokens.refreshToken);
  // An unknown signing key is looked up at most once a second.
  await vi.waitFor(
    async () => expect((await call(one, renewed.accessToken, 'GET', '/credits')).status).toBe(200),
    {
      timeout: 3000,
    },
  );
  expect((await call(one, tokens.accessToken, 'GET', '/credits')).status).toBe(200);
});

test('a family has one head whichever servers its tokens are shown to', async () => {
  const { apiKey } = await register();
  const { refreshToken } = await one.identity.signIn(apiKey, { name: 'Laptop' });
  // A lost answer, asked for again at the other server.
  const [, child] = await Promise.all([
    one.identity.refresh(refreshToken),
    two.identity.refresh(refreshToken),
  ]);
  const next = await one.identity.refresh(child.refreshToken);
  await expect(two.identity.refresh(refreshToken)).rejects.toMatchObject({
    problem: { code: 'unauthenticated' },
  });
  await expect(one.identity.refresh(next.refreshToken)).rejects.toMatchObject({
    problem: { code: 'unauthenticated' },
  });
});

test('a session revoked on one server is refused by the other within a second', async () => {
  const { apiKey, principal } = await register();
  const tokens = await one.identity.signIn(apiKey, { name: 'Laptop' });
  expect((await call(two, tokens.accessToken, 'GET', '/credits')).status).toBe(200);
  const [session] = await one.identity.listSessions(principal.account ?? '');
  await one.identity.revokeSession(session?.id ?? '');
  expect((await call(one, tokens.accessToken, 'GET', '/credits')).status).toBe(401);
  await vi.waitFor(
    async () => expect((await call(two, tokens.accessToken, 'GET', '/credits')).status).toBe(401),
    {
      timeout: 1500,
    },
  );
});

test('withdrawals, holds and corrections are found on either', async () => {
  const { apiKey, principal } = await register();
  const account_id = principal.account ?? '';
  await fund(apiKey, '50');
  const [fin, second, vm] = await Promise.all([
    register('finance'),
    register('finance'),
    register('service', ['vm']),
  ]);
  const wish = { account_id, id: 'a', amount: '5', reason: 'goodwill by hand' };
  expect((await call(one, fin.apiKey, 'POST', '/finance/adjustments', wish)).status).toBe(202);
  expect((await call(two, second.apiKey, 'POST', '/finance/adjustments', wish)).status).toBe(201);
  expect((await call(one, fin.apiKey, 'POST', '/finance/adjustments', wish)).status).toBe(201);

  const wallet_address = 'So11111111111111111111111111111111111111112';
  const asked = await call(one, apiKey, 'POST', '/credits/withdrawals', { amount: '20', wallet_address });
  expect(asked.status).toBe(201);
  const listed = await call(two, fin.apiKey, 'GET', '/finance/withdrawals?status=requested');
  expect(listed.body.items).toMatchObject([{ id: asked.body.id, account_id, amount: '20' }]);
  const rejected = await call(
    two,
    fin.apiKey,
    'POST',
    `/finance/withdrawals/${String(asked.body.id)}/reject`,
    {
      reason: 'test',
    },
  );
  expect(rejected.body).toMatchObject({ status: 'rejected' });

  const hold = { account_id, id: 'h', amount: '10', service: 'vm' };
  expect((await call(one, vm.apiKey, 'POST', '/service/holds', hold)).status).toBe(201);
  expect((await call(two, vm.apiKey, 'GET', `/service/holds/h?account_id=${account_id}`)).body).toMatchObject(
    {
      status: 'authorized',
    },
  );
  expect((await call(two, apiKey, 'GET', '/credits')).body).toMatchObject({ balance: '55', held: '10' });
});

test('each server compares its clock with the database’s', async () => {
  const mine = async () => (await checkedFetch(`${one.url}/metrics`)).text();
  await vi.waitFor(async () =>
    expect(await mine()).toMatch(/^glance_clock_skew_seconds\{peer="postgres"\} -?0?\.?\d/m),
  );
  const line = /^glance_clock_skew_seconds\{peer="postgres"\} (.*)$/m.exec(await mine());
  expect(Math.abs(Number(line?.[1]))).toBeLessThan(2);
});

test('a PostgreSQL that went back is refused by its mark, and begins an epoch once that is accepted', async () => {
  const place = { DATA_DIR: dirs[0] ?? '', DATABASE_URL: await cluster.createDatabase() };
  const open = () =>
    openLedger({
      dataDir: place.DATA_DIR,
      databaseUrl: place.DATABASE_URL,
      clock: systemClock,
      rules: DEFAULT_RULES,
    });
  const mark = markFile(place);
  await writeFile(mark, JSON.stringify({ account: 'gone', seq: 7, hash: 'x' }));
  const ledger = await open();
  await expect(checkMark(mark, ledger.database)).rejects.toBeInstanceOf(LedgerWentBack);
  await ledger.close();
  await acceptPresent({ place, rules: DEFAULT_RULES, clock: systemClock });
  const accepted = await open();
  await checkMark(mark, accepted.database);
  expect(await epochOf(accepted.database)).toBe(1);
  // A machine that was not there when it was accepted starts too, and refuses what is lost from then on.
  const other = markFile({ ...place, DATA_DIR: dirs[1] ?? '' });
  await writeFile(other, JSON.stringify({ account: 'gone', seq: 7, hash: 'x' }));
  await checkMark(other, accepted.database);
  await writeFile(other, JSON.stringify({ account: 'gone', seq: 8, hash: 'y', epoch: 1 }));
  await expect(checkMark(other, accepted.database)).rejects.toBeInstanceOf(LedgerWentBack);
  await accepted.close();
});

test('going back is not accepted while a server is at work: it would write on under the epoch that ended', async () => {
  const place = { DATA_DIR: dirs[0] ?? '', DATABASE_URL: address };
  await expect(acceptPresent({ place, rules: DEFAULT_RULES, clock: systemClock })).rejects.toThrow(
    /in use by a server/,
  );
  expect(await epochOf(one.ledger.database)).toBe(0);
});
