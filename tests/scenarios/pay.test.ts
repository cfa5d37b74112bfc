// A person pays on the development page: the link of a purchase, a click, the signed webhook, the credits.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { ConfigError, readConfig } from '../../sync-server/config.ts';
import { registryOf } from '../../sync-server/identity/accounts.ts';
import { createLog } from '../../sync-server/log.ts';
import { type RunningServer, startServer } from '../../sync-server/server.ts';
import { until } from '../tools/harness/until.ts';
import { checkedFetch } from '../../sync-server/api/contract.ts';

const Purchase = z.object({ id: z.string(), status: z.string(), payment_url: z.string().nullable() });

let dataDir: string;
let server: RunningServer;
let apiKey: string;

const env = (more: Record<string, string>) => ({
  DATA_DIR: dataDir,
  PORT: '0',
  PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  SECRETS_KEY: randomBytes(32).toString('base64'),
  ...more,
});

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-pay-'));
  server = await startServer({ config: readConfig(env({ PAYMENTS: 'local' })), log: createLog('silent') });
  const registry = registryOf(server.ledger, server.identity);
  ({ apiKey } = await registry.register({ name: 'Ann', scope: 'account', services: [] }));
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object) {
  const response = await checkedFetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomBytes(12).toString('hex'),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return response.json();
}

async function buy(method: 'card' | 'usdc') {
  const { id, payment_url } = Purchase.parse(
    await call('POST', '/credits/purchases', { amount: '100', method }),
  );
  return { id, url: payment_url ?? '' };
}

const click = (url: string, result: string, headers: Record<string, string> = { origin: server.url }) =>
  checkedFetch(url, { method: 'POST', body: new URLSearchParams({ result }), headers, redirect: 'manual' });
const statusOf = async (id: string) => Purchase.parse(await call('GET', `/credits/purchases/${id}`)).status;

test('paid: the page says what it costs, a click pays it, and the credits are there', async () => {
  const { id, url } = await buy('card');
  expect(url).toBe(`${server.url}/pay/${id}`);
  const page = await checkedFetch(url);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const text = await page.text();
  expect(text).toContain('Pay $103.00');
  expect(text).not.toContain('<script');

  expect((await click(url, 'succeeded')).status).toBe(303);
  await until('the webhook', async () => (await statusOf(id)) === 'settled');
  expect(await call('GET', '/credits')).toMatchObject({ available: '100' });
  expect(await (await checkedFetch(url)).text()).toContain('Paid. The credits are in the account.');
  // A second click on a page that was left open changes nothing.
  await click(url, 'failed');
  expect(await statusOf(id)).toBe('settled');
});

test('failed: the purchase says so and cannot be paid any more', async () => {
  const { id, url } = await buy('usdc');
  await click(url, 'failed');
  await until('the webhook', async () => (await statusOf(id)) === 'failed');
  await click(url, 'succeeded');
  expect(await (await checkedFetch(url)).text()).toContain('This payment failed');
  expect(await statusOf(id)).toBe('failed');
});

test('no other site can click, and no other word pays', async () => {
  const { id, url } = await buy('usdc');
  expect((await click(url, 'succeeded', { origin: 'https://evil.example' })).status).toBe(403);
  expect((await click(url, 'succeeded', {})).status).toBe(403);
  expect((await click(url, 'much')).status).toBe(400);
  expect(await statusOf(id)).toBe('pending');
  expect((await checkedFetch(`${server.url}/pay/nothing`)).status).toBe(404);
  expect((await checkedFetch(`${server.url}/assets/page.css`)).headers.get('content-type')).toContain(
    'text/css',
  );
});

test('with a real provider the link leads to its page', async () => {
  const other = await mkdtemp(join(tmpdir(), 'glance-pay-'));
  const PAYMENTS = 'https://pay.example/start?order={purchase_id}&sum={total}&by={method}';
  const config = readConfig({ ...env({ PAYMENTS }), DATA_DIR: other });
  const real = await startServer({ config, log: createLog('silent') });
  try {
    const { principal } = await registryOf(real.ledger, real.identity).register({
      name: 'Eve',
      scope: 'account',
      services: [],
    });
    const outcome = await real.ledger.settle({
      account: principal.account ?? '',
      actor: { principal: principal.id, scope: 'account' },
      command: { kind: 'purchase.start', amount: 100_000_000n, method: 'card' },
    });
    const { id } = z.object({ id: z.string() }).parse(outcome.ok && outcome.answer);
    const response = await checkedFetch(`${real.url}/pay/${id}`, { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`https://pay.example/start?order=${id}&sum=103&by=card`);
    // Nobody pays there with a click of ours.
    const clicked = await click(`${real.url}/pay/${id}`, 'succeeded', { origin: real.url });
    expect(clicked.status).toBe(404);
    expect(await real.ledger.purchase(principal.account ?? '', id)).toMatchObject({ status: 'pending' });
  } finally {
    await real.stop();
    await rm(other, { recursive: true, force: true });
  }
});

test('a server is not set up to pay without money unless it is told to', async () => {
  expect(readConfig(env({})).PAYMENTS).toBe('off');
  expect(() => readConfig(env({ PAYMENTS: 'local', HOST: '0.0.0.0' }))).toThrow(ConfigError);
  for (const bad of ['yes', 'http://pay.example/{purchase_id}', 'https://pay.example/']) {
    expect(() => readConfig(env({ PAYMENTS: bad }))).toThrow(/PAYMENTS must be/);
  }
  const other = await mkdtemp(join(tmpdir(), 'glance-pay-'));
  const plain = await startServer({
    config: readConfig({ ...env({}), DATA_DIR: other }),
    log: createLog('silent'),
  });
  try {
    const registry = registryOf(plain.ledger, plain.identity);
    const { principal } = await registry.register({ name: 'Bob', scope: 'account', services: [] });
    const account = principal.account ?? '';
    const actor = { principal: principal.id, scope: 'account' } as const;
    const command = { kind: 'purchase.start', amount: 5_000_000n, method: 'usdc' } as const;
    const outcome = await plain.ledger.settle({ account, actor, command });
    const id = z.object({ id: z.string() }).parse(outcome.ok && outcome.answer).id;
    expect((await checkedFetch(`${plain.url}/pay/${id}`)).status).toBe(404);
    expect((await click(`${plain.url}/pay/${id}`, 'succeeded', { origin: plain.url })).status).toBe(405);
  } finally {
    await plain.stop();
    await rm(other, { recursive: true, force: true });
  }
});
