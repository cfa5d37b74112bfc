import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { MINUTE } from '../../shared/time.ts';
import { newKey, openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

const ORIGIN = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

async function account() {
  const { apiKey, principal } = await rig.register();
  return { apiKey, account: principal.account ?? '' };
}

async function seqOf(account: string): Promise<number> {
  return (await rig.ledger.journal(account, 0, 1000)).length;
}

test('an API key buys tokens, the tokens open the account, and a refresh renews them', async () => {
  const { apiKey, account: id } = await account();
  const json = { 'content-type': 'application/json' };
  const post = (path: string, body: object) =>
    rig.send('POST', path, { headers: json, body: JSON.stringify(body) });

  const signedIn = await post('/auth/token', { api_key: apiKey, device: { id: 'laptop-1', name: 'Laptop' } });
  expect(signedIn.status).toBe(200);
  expect(signedIn.body).toMatchObject({
    token_type: 'Bearer',
    expires_in: 600,
    account_id: id,
    device_id: 'laptop-1',
    scope: 'account',
  });
  expect((await rig.call(String(signedIn.body.access_token), 'GET', '/credits')).body).toMatchObject({
    balance: '0',
  });

  rig.pass(11 * MINUTE);
  expect((await rig.call(String(signedIn.body.access_token), 'GET', '/credits')).status).toBe(401);
  const renewed = await post('/auth/refresh', { refresh_token: signedIn.body.refresh_token });
  expect((await rig.call(String(renewed.body.access_token), 'GET', '/credits')).status).toBe(200);

  expect((await post('/auth/revoke', { refresh_token: renewed.body.refresh_token })).status).toBe(204);
  expect((await rig.call(String(renewed.body.access_token), 'GET', '/credits')).status).toBe(401);
  expect((await post('/auth/refresh', { refresh_token: renewed.body.refresh_token })).body.code).toBe(
    'unauthenticated',
  );
});

test('a body in broken UTF-8 is refused, not mended', async () => {
  const { apiKey } = await account();
  const body = Buffer.from('{"name":"Laptop \xff"}', 'latin1');
  const answer = await rig.send('PATCH', '/profile', {
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': newKey(),
    },
    body,
  });
  expect(answer).toMatchObject({ status: 400, body: { detail: 'The body is not valid UTF-8.' } });
});

test('a device signs itself out with its access token', async () => {
  const { apiKey } = await account();
  const tokens = await rig.identity.signIn(apiKey, { name: 'Laptop' });
  expect((await rig.call(tokens.accessToken, 'POST', '/auth/revoke')).status).toBe(204);
  expect((await rig.call(tokens.accessToken, 'GET', '/credits')).status).toBe(401);
});

test('an account sees its devices and signs one out; nobody else can', async () => {
  const { apiKey } = await account();
  const laptop = await rig.identity.signIn(apiKey, { name: 'Laptop' });
  rig.pass(MINUTE);
  const phone = await rig.identity.signIn(apiKey, { name: 'Phone' });
  const { body } = await rig.call(phone.accessToken, 'GET', '/sessions');
  expect(body.items).toMatchObject([
    { device_name: 'Phone', current: true },
    {
      device_name: 'Laptop',
      current: false,
      device_id: laptop.device,
      last_seen_at: '2026-06-01T00:00:00.000Z',
    },
  ]);
  const { id } = z.array(z.object({ id: z.string() })).parse(body.items)[1] ?? { id: '' };
  const mallory = await account();
  expect(await rig.call(mallory.apiKey, 'DELETE', `/sessions/${id}`)).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  });
  expect((await rig.call(phone.accessToken, 'DELETE', `/sessions/${id}`)).status).toBe(204);
  expect((await rig.call(laptop.accessToken, 'GET', '/credits')).status).toBe(401);
  expect((await rig.call(phone.accessToken, 'GET', '/credits')).status).toBe(200);
});

test('a purchase by card costs its fee on top and can be read again', async () => {
  const { apiKey } = await account();
  const bought = await rig.call(apiKey, 'POST', '/credits/purchases', { amount: '100', method: 'card' });
  expect(bought.status).toBe(201);
  expect(bought.body).toMatchObject({ credits: '100', fee: '3', total: '103' });
  const read = await rig.call(apiKey, 'GET', `/credits/purchases/${String(bought.body.id)}`);
  expect(read.status).toBe(200);
  expect(read.body).toMatchObject({ id: bought.body.id, total: '103' });
});

test('the same key is the same call, and another body under it is refused', async () => {
  const { apiKey, account: id } = await account();
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
  for (const { apiKey } of [await account(), await account()]) {
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
  const mine = await account();
  const bought = await rig.call(mine.apiKey, 'POST', '/credits/purchases', { amount: '5', method: 'usdc' });
  const mallory = await account();
  expect(await rig.call(mallory.apiKey, 'GET', `/credits/purchases/${String(bought.body.id)}`)).toMatchObject(
    {
      status: 404,
      body: { code: 'not_found' },
    },
  );
});

test('every error is a problem document', async () => {
  const { apiKey } = await account();
  const { apiKey: finance } = await rig.register('finance');
  const json = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'idempotency-key': newKey(),
  };
  const big = JSON.stringify({ amount: '1', method: 'card', x: 'y'.repeat(70_000) });
  const purchases = '/credits/purchases';
  const cases: [string, string, { headers?: Record<string, string>; body?: string }, number, string][] = [
    ['GET', '/nothing', {}, 404, 'not_found'],
    ['GET', '/credits/purchases/%ff', { headers: json }, 400, 'invalid_request'],
    ['GET', `/credits/purchases/${'a'.repeat(65)}`, { headers: json }, 400, 'invalid_request'],
    ['DELETE', '/credits', { headers: json }, 405, 'method_not_allowed'],
    ['GET', '/credits', {}, 401, 'unauthenticated'],
    ['GET', '/credits', { headers: { authorization: 'Basic eDp5' } }, 401, 'unauthenticated'],
    ['GET', '/credits', { headers: { authorization: 'Bearer iog_wrong' } }, 401, 'unauthenticated'],
    ['GET', '/credits', { headers: { authorization: `Bearer ${finance}` } }, 403, 'forbidden'],
    ['GET', '/credits?colour=red', { headers: json }, 400, 'invalid_request'],
    ['POST', purchases, { headers: json }, 400, 'invalid_request'],
    ['POST', purchases, { headers: json, body: '{"amount":' }, 400, 'invalid_request'],
    ['POST', purchases, { headers: json, body: '[]' }, 400, 'invalid_request'],
    ['POST', purchases, { headers: json, body: 'null' }, 400, 'invalid_request'],
    ['POST', purchases, { headers: json, body: '['.repeat(60_000) }, 400, 'invalid_request'],
    ['POST', purchases, { headers: json, body: big }, 413, 'request_too_large'],
    [
      'POST',
      purchases,
      { headers: { ...json, 'content-type': 'text/plain' }, body: '{}' },
      400,
      'invalid_request',
    ],
    [
      'POST',
      purchases,
      { headers: { ...json, 'idempotency-key': '' }, body: '{}' },
      400,
      'idempotency_key_missing',
    ],
    [
      'POST',
      purchases,
      { headers: { ...json, 'idempotency-key': 'short' }, body: '{}' },
      400,
      'invalid_request',
    ],
    ['POST', purchases, { headers: json, body: '{"amount":"1","method":"gold"}' }, 400, 'invalid_request'],
    [
      'POST',
      purchases,
      { headers: json, body: '{"amount":"1","method":"card","x":1}' },
      400,
      'invalid_request',
    ],
    [
      'POST',
      purchases,
      { headers: json, body: '{"amount":"1","method":"card","__proto__":{}}' },
      400,
      'invalid_request',
    ],
    ['POST', purchases, { headers: json, body: '{"amount":1,"method":"card"}' }, 400, 'invalid_amount'],
    [
      'POST',
      purchases,
      { headers: json, body: '{"amount":"0.99","method":"card"}' },
      400,
      'amount_below_minimum',
    ],
    [
      'POST',
      purchases,
      { headers: json, body: '{"amount":"10.001","method":"card"}' },
      400,
      'amount_precision',
    ],
    [
      'POST',
      purchases,
      { headers: json, body: '{"amount":"9223372036854.775808","method":"card"}' },
      400,
      'amount_too_large',
    ],
    [
      'POST',
      '/auth/token',
      { headers: { 'content-type': 'application/json' }, body: '{"api_key":"x"}' },
      401,
      'unauthenticated',
    ],
    [
      'POST',
      '/auth/token',
      {
        headers: { 'content-type': 'application/json' },
        body: `{"api_key":"x","device":{"name":"\\ud800"}}`,
      },
      400,
      'invalid_request',
    ],
  ];
  for (const [method, path, init, status, code] of cases) {
    const answer = await rig.send(method, path, init);
    const label = `${method} ${path} ${init.body?.slice(0, 60) ?? ''}`;
    expect(answer, label).toMatchObject({
      status,
      body: { code, status, type: `urn:io-glance:problem:${code}` },
    });
    expect(answer.headers.get('content-type'), label).toBe('application/problem+json');
    expect(typeof answer.body.title, label).toBe('string');
    expect(typeof answer.body.detail, label).toBe('string');
  }
  expect(rig.logged.filter(({ level }) => level === 'error')).toEqual([]);
});

test('amounts that are none are refused by their code, and nothing is written', async () => {
  const { apiKey, account: id } = await account();
  const before = await seqOf(id);
  const bad = [
    '-1',
    '0',
    'NaN',
    'Infinity',
    '1e3',
    '0x10',
    ' 1',
    '1,000',
    '１',
    '+1',
    '007',
    '1.',
    '.5',
    '',
    '1 000',
  ];
  for (const amount of [...bad, 5, 0.1, null, [], {}, true, ['1'], '9'.repeat(100)]) {
    const answer = await rig.call(apiKey, 'POST', '/credits/purchases', { amount, method: 'usdc' });
    expect(answer, JSON.stringify(amount)).toMatchObject({ status: 400, body: { code: 'invalid_amount' } });
  }
  for (const [amount, code] of [
    ['0.30000000000000004', 'amount_precision'],
    ['1000000.000001', 'amount_too_large'],
  ]) {
    expect(await rig.call(apiKey, 'POST', '/credits/purchases', { amount, method: 'usdc' })).toMatchObject({
      status: 400,
      body: { code },
    });
  }
  expect(await seqOf(id)).toBe(before);
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

test('a fault of ours tells nothing about itself, and stands in the log under the request’s id', async () => {
  const { apiKey } = await account();
  const ledger = { ...rig.ledger, credits: () => Promise.reject(new Error('table gone')) };
  const broken = await openRig({ ledger, identity: rig.identity }, { faulty: true });
  const answer = await broken.call(apiKey, 'GET', '/credits');
  expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
  expect(JSON.stringify(answer.body)).not.toContain('table gone');
  expect(broken.logged.filter(({ level }) => level === 'error')).toMatchObject([
    { facts: { id: answer.body.request_id } },
  ]);
  await broken.close();
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
  const { apiKey } = await account();
  const body = { now: '2026-01-01T00:05:00.000Z' };
  expect((await rig.call(apiKey, 'POST', '/test/clock', body)).status).toBe(403);
  expect(await rig.call(admin, 'POST', '/test/clock', body)).toMatchObject({ status: 200, body });
  expect(rig.testClock.now()).toBe(Date.UTC(2026, 0, 1, 0, 5));
  expect(await rig.call(admin, 'POST', '/test/clock', { now: '2026-01-01T00:04:59.999Z' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  });
});
