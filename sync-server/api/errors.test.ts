import { afterEach, beforeEach, expect, test } from 'vitest';
import { newKey, openRig, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig.close());

async function seqOf(account: string): Promise<number> {
  return (await rig.ledger.journal(account, 0, 1000)).length;
}

test('a body in broken UTF-8 is refused, not mended', async () => {
  const { apiKey } = await rig.person();
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

test('every error is a problem document', async () => {
  const { apiKey } = await rig.person();
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
  const { apiKey, account: id } = await rig.person();
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

test('a fault of ours tells nothing about itself, and stands in the log under the request’s id', async () => {
  const { apiKey } = await rig.person();
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
