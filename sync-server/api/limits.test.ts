import { afterEach, expect, test } from 'vitest';
import { lastAudited } from '../identity/audit.ts';
import { createLimits } from './limits.ts';
import { createMetrics } from './metrics.ts';
import { openRig, type Rig } from './rig.ts';
import type { ApiContext } from './context.ts';

let rig: Rig;
const open = async (override: Partial<ApiContext>) => (rig = await openRig(override));
afterEach(() => rig.close());

test('each account has its own share of reads and writes, and is told what is left', async () => {
  await open({ limits: createLimits({ reads: 3, writes: 2 }) });
  const [ann, bob] = [(await rig.register()).apiKey, (await rig.register()).apiKey];
  const read = (key = ann) => rig.call(key, 'GET', '/credits');
  const first = await read();
  expect(first.headers.get('ratelimit-policy')).toBe('"reads";q=3;w=60');
  expect(first.headers.get('ratelimit')).toBe('"reads";r=2;t=60');
  await read();
  await read();
  const over = await read();
  expect(over).toMatchObject({ status: 429, body: { code: 'rate_limited', status: 429 } });
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(over.headers.get('ratelimit')).toMatch(/^"reads";r=0;t=\d+$/);
  expect((await read(bob)).status).toBe(200);

  const buy = () => rig.call(ann, 'POST', '/credits/purchases', { amount: '5', method: 'usdc' });
  expect([(await buy()).status, (await buy()).status, (await buy()).status]).toEqual([201, 201, 429]);
  // What was not let in wrote nothing.
  expect(await rig.ledger.journal((await rig.identity.verify(ann)).account ?? '', 0, 10)).toHaveLength(3);
});

test('five withdrawals an hour', async () => {
  await open({ limits: createLimits() });
  const { apiKey } = await rig.register();
  const body = { amount: '1', wallet_address: 'So11111111111111111111111111111111111111112' };
  const statuses = [];
  for (let count = 0; count < 6; count += 1) {
    statuses.push((await rig.call(apiKey, 'POST', '/credits/withdrawals', body)).status);
  }
  expect(statuses).toEqual([402, 402, 402, 402, 402, 429]);
});

test('ten wrong keys from one address, and nobody signs in from there for a while', async () => {
  await open({ limits: createLimits() });
  const { apiKey } = await rig.register();
  const signIn = (api_key: string) =>
    rig.send('POST', '/auth/token', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ api_key }),
    });
  expect((await signIn(apiKey)).status).toBe(200);
  for (let count = 0; count < 10; count += 1) {
    expect((await signIn(`iog_${String(count).repeat(43)}`)).status).toBe(401);
  }
  expect((await signIn(apiKey)).status).toBe(429);
  // Who is signed in already does not suffer for it.
  expect((await rig.call(apiKey, 'GET', '/credits')).status).toBe(200);
});

test('devices that sign out by their bearer each have a share of their own', async () => {
  await open({ limits: createLimits({ auth: 2 }) });
  const statuses = [];
  for (let count = 0; count < 4; count += 1) {
    const { accessToken } = await rig.identity.signIn((await rig.register()).apiKey, { name: 'Laptop' });
    statuses.push((await rig.call(accessToken, 'POST', '/auth/revoke')).status);
  }
  expect(statuses).toEqual([204, 204, 204, 204]);
});

test('one key signs in so many devices a minute and no more', async () => {
  await open({ limits: createLimits({ writes: 3 }) });
  const { apiKey } = await rig.register();
  const statuses = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    const answer = await rig.send('POST', '/auth/token', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ api_key: apiKey, device: { name } }),
    });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([200, 200, 200, 429]);
});

test('wrong bearers are counted by address; being alive is not', async () => {
  await open({ limits: createLimits({ reads: 2 }) });
  const statuses = [];
  for (let count = 0; count < 3; count += 1)
    statuses.push((await rig.call('iog_x', 'GET', '/credits')).status);
  expect(statuses).toEqual([401, 401, 429]);
  expect((await rig.send('GET', '/prices')).status).toBe(429);
  expect((await rig.send('GET', '/healthz')).status).toBe(200);
});

test('what staff does is kept, with how it ended; what owners do is not', async () => {
  await open({});
  const { apiKey, principal } = await rig.register();
  const finance = await rig.register('finance');
  await rig.call(finance.apiKey, 'GET', '/finance/withdrawals');
  const grant = { account_id: principal.account, id: 'g', amount: '5', source: 'promo' };
  await rig.call(finance.apiKey, 'POST', '/finance/grants', grant);
  await rig.call(finance.apiKey, 'POST', '/finance/withdrawals/none/approve');
  await rig.call(apiKey, 'GET', '/credits');
  await rig.call(apiKey, 'GET', '/finance/withdrawals');
  const lines = await lastAudited(rig.ledger.database, 10);
  expect(lines.map(({ action, status }) => `${status} ${action}`)).toEqual([
    '404 POST /finance/withdrawals/none/approve',
    '201 POST /finance/grants',
    '200 GET /finance/withdrawals',
  ]);
  expect(lines.every((line) => line.principal === finance.principal.id && line.scope === 'finance')).toBe(
    true,
  );
  const change = rig.ledger.database.write([{ sql: "update audit set principal = 'x'" }]);
  await expect(change).rejects.toThrow('append-only');
});

test('metrics by route, for this machine alone', async () => {
  await open({});
  const metrics = createMetrics(rig.ledger.events);
  await rig.close();
  await open({ metrics, metricsPublic: true });
  const { apiKey } = await rig.register();
  await rig.call(apiKey, 'GET', '/credits/purchases/p-1');
  await rig.call(apiKey, 'GET', '/nowhere/at/all');
  const text = await (await rig.api.request('/metrics')).text();
  expect(text).toContain(
    'glance_http_requests_total{method="GET",route="/credits/purchases/{id}",status="404"} 1',
  );
  expect(text).toContain('glance_http_requests_total{method="GET",route="none",status="404"} 1');
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain('p-1');
  await rig.close();
  await open({ metrics });
  expect((await rig.api.request('/metrics')).status).toBe(404);
});
