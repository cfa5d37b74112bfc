import { afterEach, beforeEach, expect, test } from 'vitest';
import { newKey, openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

async function seqOf(account: string): Promise<number> {
  return (await rig.ledger.journal(account, 0, 1000)).length;
}

test('a purchase by card costs its fee on top and can be read again', async () => {
  const { apiKey } = await rig.person();
  const bought = await rig.call(apiKey, 'POST', '/credits/purchases', { amount: '100', method: 'card' });
  expect(bought.status).toBe(201);
  expect(bought.body).toMatchObject({ credits: '100', fee: '3', total: '103' });
  const read = await rig.call(apiKey, 'GET', `/credits/purchases/${String(bought.body.id)}`);
  expect(read.status).toBe(200);
  expect(read.body).toMatchObject({ id: bought.body.id, total: '103' });
});

test('the same key is the same call, and another body under it is refused', async () => {
  const { apiKey, account: id } = await rig.person();
  const headers = { 'idempotency-key': newKey() };
  const body = { amount: '20', method: 'usdc' };
  const first = await rig.call(apiKey, 'POST', '/credits/purchases', body, headers);
  const again = await rig.call(apiKey, 'POST', '/credits/purchases', body, headers);
  expect(first.headers.has('idempotency-replayed')).toBe(false);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again).toMatchObject({ status: 201, body: first.body });
  const written = await seqOf(id);
  const other = await rig.call(apiKey, 'POST', '/credits/purchases', { ...body, amount: '21' }, headers);
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reuse' } });
  expect(await seqOf(id)).toBe(written);
});

test('a key is the caller’s own: two accounts may use the same one', async () => {
  const headers = { 'idempotency-key': newKey() };
  const ids = [];
  for (const { apiKey } of [await rig.person(), await rig.person()]) {
    const bought = await rig.call(
      apiKey,
      'POST',
      '/credits/purchases',
      { amount: '5', method: 'usdc' },
      headers,
    );
    expect(bought.status).toBe(201);
    ids.push(bought.body.id);
  }
  expect(new Set(ids).size).toBe(2);
});

test('somebody else’s purchase is not there', async () => {
  const mine = await rig.person();
  const bought = await rig.call(mine.apiKey, 'POST', '/credits/purchases', { amount: '5', method: 'usdc' });
  const mallory = await rig.person();
  expect(await rig.call(mallory.apiKey, 'GET', `/credits/purchases/${String(bought.body.id)}`)).toMatchObject(
    {
      status: 404,
      body: { code: 'not_found' },
    },
  );
});

test('extension pages may read answers, web pages may not, finance pages never', async () => {
  const preflight = (origin: string, path: string) =>
    rig.send('OPTIONS', path, {
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
  const allowed = await preflight(ORIGIN, '/credits/purchases');
  expect(allowed.status).toBe(204);
  expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(allowed.headers.get('access-control-allow-headers')).toBe(
    'authorization,content-type,idempotency-key',
  );
  expect(allowed.headers.has('access-control-allow-credentials')).toBe(false);
  expect(
    (await preflight('moz-extension://6b8a6f0e-1111-2222-3333-444455556666', '/credits')).headers.get(
      'access-control-allow-origin',
    ),
  ).toMatch(/^moz-extension/);
  for (const origin of [
    'https://evil.example',
    'null',
    'chrome-extension://',
    'https://chrome-extension://abc',
  ]) {
    expect((await preflight(origin, '/credits')).headers.has('access-control-allow-origin'), origin).toBe(
      false,
    );
  }
  expect((await preflight(ORIGIN, '/finance/withdrawals')).headers.has('access-control-allow-origin')).toBe(
    false,
  );

  const read = await rig.send('GET', '/credits', { headers: { origin: ORIGIN } });
  expect(read.status).toBe(401);
  expect(read.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect(read.headers.get('access-control-expose-headers')).toBe(
    'Idempotency-Replayed,Retry-After,RateLimit,RateLimit-Policy',
  );
});

test('with a list of origins only those may call', async () => {
  const strict = await openRig({ extensionOrigins: [ORIGIN] });
  const ask = (origin: string) => strict.send('GET', '/healthz', { headers: { origin } });
  expect((await ask(ORIGIN)).headers.get('access-control-allow-origin')).toBe(ORIGIN);
  expect((await ask(ORIGIN.replace('a', 'b'))).headers.has('access-control-allow-origin')).toBe(false);
  await strict.close();
});

test('answers are never cached, framed or sniffed, and carry their request’s id', async () => {
  const { headers } = await rig.send('GET', '/healthz', { headers: { 'x-request-id': 'from-a-proxy-1' } });
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-request-id')).toBe('from-a-proxy-1');
});

test('the description names every route and its own schemas', async () => {
  const { status, body } = await rig.send('GET', '/openapi.json');
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths ?? {})).toEqual(
    expect.arrayContaining([
      '/auth/token',
      '/credits',
      '/credits/purchases',
      '/webhooks/payments',
      '/healthz',
    ]),
  );
});

test('health and readiness need no bearer', async () => {
  expect(await rig.send('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await rig.send('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
});

test('the test clock goes forward for admins only', async () => {
  const { apiKey: admin } = await rig.register('admin');
  const { apiKey } = await rig.person();
  const body = { now: '2026-01-01T00:05:00.000Z' };
  expect((await rig.call(apiKey, 'POST', '/test/clock', body)).status).toBe(403);
  expect(await rig.call(admin, 'POST', '/test/clock', body)).toMatchObject({ status: 200, body });
  expect(rig.testClock.now()).toBe(Date.UTC(2026, 0, 1, 0, 5));
  expect(await rig.call(admin, 'POST', '/test/clock', { now: '2026-01-01T00:04:59.999Z' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  });
});
