import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE, toRfc3339 } from '../../shared/time.ts';
import { CATALOGUE, openRig, type Rig } from './rig.ts';

let rig: Rig;
let apiKey: string;
let service: string;

beforeEach(async () => {
  rig = await openRig();
  const made = await rig.register();
  apiKey = made.apiKey;
  service = (await rig.register('service', ['vm', 'ray'])).apiKey;
});
afterEach(() => rig.close());

async function fund(amount: string) {
  const { body } = await rig.call(apiKey, 'POST', '/credits/purchases', { amount, method: 'usdc' });
  const data = { purchase_id: body.id, payment_id: `pay-${String(body.id)}`, amount };
  await rig.webhook({ type: 'payment.succeeded', data });
}

const VM = { name: 'train', type: 'vm', device: 'H100', quantity: 2, hours: 3, payment_method: 'credits' };
const deploy = (more: object = {}) => rig.call(apiKey, 'POST', '/deployments', { ...VM, ...more });
const get = (id: unknown) => rig.call(apiKey, 'GET', `/deployments/${String(id)}`);
const tell = (id: unknown, status: string, by = service) =>
  rig.call(by, 'POST', `/service/deployments/${String(id)}/status`, {
    status,
    at: toRfc3339(rig.testClock.now()),
  });
const credits = async () => (await rig.call(apiKey, 'GET', '/credits')).body;
const pass = (ms: number) => rig.testClock.moveTo(rig.testClock.now() + ms);

test('held when asked for, paid when it runs, the rest back when it is ended early', async () => {
  await fund('20');
  const { status, body } = await deploy();
  expect(status).toBe(201);
  expect(body).toMatchObject({ status: 'deployment requested', hourly: '2', held: '12', paid: '0' });
  expect(body.hold).toMatchObject({ status: 'authorized', amount: '12', service: 'vm' });
  expect(await credits()).toMatchObject({ available: '8', held: '12' });

  expect((await tell(body.id, 'running')).body).toMatchObject({ status: 'running', paid: '12', held: '0' });
  pass(90 * MINUTE);
  expect((await get(body.id)).body).toMatchObject({ served: '6', refundable: '6', served_ms: 90 * MINUTE });

  const ended = await rig.call(apiKey, 'DELETE', `/deployments/${String(body.id)}`);
  expect(ended).toMatchObject({ status: 200, body: { status: 'termination requested', refunded: '6' } });
  expect(await credits()).toMatchObject({ available: '14', held: '0' });
  expect((await tell(body.id, 'destroyed')).body).toMatchObject({ status: 'destroyed' });
});

test('of a VM the first hour stays paid', async () => {
  await fund('20');
  const { id } = (await deploy()).body;
  await tell(id, 'running');
  pass(10 * MINUTE);
  expect((await rig.call(apiKey, 'DELETE', `/deployments/${String(id)}`)).body).toMatchObject({
    refunded: '8',
  });
});

test('too little: five minutes to top up, then it goes on by itself', async () => {
  await fund('1');
  const { status, body } = await deploy();
  expect(status).toBe(202);
  expect(body).toMatchObject({
    status: 'pending_payment',
    deadline: '2026-01-01T00:05:00.000Z',
    shortfall: '11',
    top_up: { crypto: { credits: '11', total: '11' }, card: { credits: '11', fee: '0.33' } },
    deployment: { status: 'unpaid', shortfall: '11' },
  });
  expect((await tell(body.id, 'running')).body).toMatchObject({ code: 'hold_not_open' });
  pass(4 * MINUTE);
  await fund('11');
  expect((await get(body.id)).body).toMatchObject({ status: 'deployment requested', held: '12' });
});

test('too little and too late: failed, with the reason', async () => {
  await fund('1');
  const { id } = (await deploy()).body;
  pass(5 * MINUTE + 1);
  expect((await get(id)).body).toMatchObject({ status: 'failed', reason: 'grace_expired' });
});

test('too little and no waiting: 402 with what would cover it', async () => {
  const { status, body } = await deploy({ on_insufficient: 'fail' });
  expect(status).toBe(402);
  expect(body).toMatchObject({
    code: 'insufficient_credits',
    required: '12',
    available: '0',
    shortfall: '12',
  });
  expect(body.top_up).toMatchObject({ card: { total: '12.36' } });
  expect((await rig.call(apiKey, 'GET', '/deployments')).body.items).toEqual([]);
});

test('the allowance is for programs, unless they decline it', async () => {
  await fund('5');
  expect((await deploy({ use_allowance: false, on_insufficient: 'fail' })).status).toBe(402);
  expect((await deploy()).status).toBe(201);
  expect(await credits()).toMatchObject({ available: '-7', state: 'grace' });
});

test('more hours of a running one are a new charge', async () => {
  await fund('100');
  const { id } = (await deploy()).body;
  const extend = (hours: unknown) => rig.call(apiKey, 'POST', `/deployments/${String(id)}/extend`, { hours });
  expect((await extend(1)).body).toMatchObject({ code: 'deployment_state' });
  await tell(id, 'running');
  expect((await extend(2)).body).toMatchObject({ hours: 5, paid: '20', charged: '8' });
  expect((await extend(0)).status).toBe(400);
  expect((await extend('1')).status).toBe(400);
  expect((await extend(1000)).body).toMatchObject({ code: 'allowance_exhausted', shortfall: '3920' });
});

test('with fewer devices than asked for, when that will do', async () => {
  await fund('1000');
  const whole = await deploy({ quantity: 9 });
  expect(whole).toMatchObject({ status: 409, body: { code: 'capacity_unavailable', available: 8 } });
  expect((await deploy({ quantity: 12, min_quantity: 4 })).body).toMatchObject({ quantity: 8, held: '48' });
  expect((await deploy({ quantity: 2, min_quantity: 3 })).status).toBe(400);
});

test('the same key is the same deployment', async () => {
  await fund('100');
  const key = { 'idempotency-key': 'deploy-0000000001' };
  const first = await rig.call(apiKey, 'POST', '/deployments', VM, key);
  const again = await rig.call(apiKey, 'POST', '/deployments', VM, key);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  // Nor do other prices, or fewer free devices, make it another one.
  const sold = CATALOGUE.devices[0];
  if (!sold) throw new Error('nothing is sold');
  const { hourly, available } = sold;
  Object.assign(sold, { hourly: 9_000_000n, available: 1 });
  const later = await rig.call(apiKey, 'POST', '/deployments', VM, key);
  Object.assign(sold, { hourly, available });
  expect(later.body).toEqual(first.body);
  const other = await rig.call(apiKey, 'POST', '/deployments', { ...VM, hours: 4 }, key);
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reuse' } });
});

test.each([
  { hours: 0 },
  { hours: 0.5 },
  { hours: '3' },
  { quantity: 0 },
  { payment_method: 'usdc' },
  { device: 'RTX 4090' },
  { type: 'boat' },
  { name: '' },
  { name: 'two\nlines' },
  { hourly: '0.01' },
])('%j is refused', async (wrong) => {
  await fund('100');
  expect(await deploy(wrong)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect(await credits()).toMatchObject({ available: '100', held: '0' });
});

test('lists by status, type and words, sorted, in pages', async () => {
  await fund('1000');
  const make = async (name: string, more: object = {}) =>
    String((await deploy({ name, hours: 1, ...more })).body.id);
  const ray = { type: 'ray', device: 'RTX 4090', quantity: 1 };
  const [alpha, beta, gamma] = [
    await make('alpha'),
    await make('Beta', ray),
    await make('gamma', { quantity: 4 }),
  ];
  await tell(beta, 'running');
  await tell(gamma, 'failed');
  const names = async (query: string) => {
    const { body } = await rig.call(apiKey, 'GET', `/deployments${query}`);
    return [body.items, body.next_cursor].map((part) =>
      Array.isArray(part) ? part.map((item) => String(item.name)) : part,
    );
  };
  expect(await names('')).toEqual([['gamma', 'Beta', 'alpha'], null]);
  expect(await names('?status=live')).toEqual([['Beta'], null]);
  expect(await names('?status=deployment%20requested,failed&sort=name')).toEqual([['alpha', 'gamma'], null]);
  expect(await names('?type=vm&sort=created')).toEqual([['alpha', 'gamma'], null]);
  expect(await names('?q=rtx')).toEqual([['Beta'], null]);
  expect(await names('?sort=-name&limit=2')).toEqual([['gamma', 'Beta'], beta]);
  expect(await names(`?sort=-name&limit=2&cursor=${beta}`)).toEqual([['alpha'], null]);
  expect((await rig.call(apiKey, 'GET', '/deployments?sort=age')).status).toBe(400);
  expect(alpha).toMatch(/^[0-9a-f-]{36}$/);
});

test('nobody else sees or touches it, and no service that is not for it', async () => {
  await fund('20');
  const { id } = (await deploy()).body;
  const other = (await rig.register()).apiKey;
  const path = `/deployments/${String(id)}`;
  for (const [method, address, body] of [
    ['GET', path],
    ['DELETE', path],
    ['POST', `${path}/extend`, { hours: 1 }],
  ] as const) {
    expect(await rig.call(other, method, address, body)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  }
  const k8s = (await rig.register('service', ['k8s'])).apiKey;
  expect((await tell(id, 'running', k8s)).status).toBe(404);
  expect((await tell('nothing', 'running')).status).toBe(404);
  expect((await tell(id, 'running', apiKey)).status).toBe(403);
  expect((await get(id)).body).toMatchObject({ status: 'deployment requested' });
});

test('prices say what a deployment will cost', async () => {
  const all = await rig.send('GET', '/prices');
  expect(all.body).toMatchObject({
    devices: [
      { type: 'vm', device: 'H100', hourly: '2', minimum_hours: 1, available: 8 },
      { type: 'ray', device: 'RTX 4090', hourly: '0.3' },
    ],
    models: [{ model: 'openai/gpt-oss-120b', input_per_million: '0.04', output_per_million: '0.4' }],
  });
  expect((await rig.send('GET', '/prices?type=ray')).body.devices).toHaveLength(1);
  expect((await rig.send('GET', '/prices?device=H100')).body.devices).toHaveLength(1);
  expect((await rig.send('GET', '/prices?type=boat')).status).toBe(400);
});
