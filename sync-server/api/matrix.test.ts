// Who may do what: every call of the description, by everybody. Foreign objects are not there, for anyone.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { MINUTE, toRfc3339 } from '../../shared/time.ts';
import { newKey, openRig, type Rig } from './rig.ts';

vi.setConfig({ testTimeout: 30_000 });

const Operation = z.looseObject({
  'x-scope': z.enum(['none', 'account', 'finance', 'service', 'admin']),
  requestBody: z
    .object({ content: z.object({ 'application/json': z.object({ example: z.unknown().optional() }) }) })
    .optional(),
});
const Document = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) });

const rig: Rig = await openRig();
const document = Document.parse((await rig.send('GET', '/openapi.json')).body);
const CALLS = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, call]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    scope: call['x-scope'],
    example: call.requestBody?.content['application/json'].example,
  })),
);
type Call = (typeof CALLS)[number];

const keys = { account: '', other: '', finance: '', service: '', admin: '' };
const strangers: Record<string, string> = {};
/** Things of the owner, by the first part of the path that names them. */
const owned: Record<string, string> = {};
let account = '';

const SOLANA = 'So11111111111111111111111111111111111111112';

beforeAll(async () => {
  const owner = await rig.register();
  account = owner.principal.account ?? '';
  keys.account = owner.apiKey;
  keys.other = (await rig.register()).apiKey;
  keys.finance = (await rig.register('finance')).apiKey;
  keys.service = (await rig.register('service', ['vm', 'force'])).apiKey;
  keys.admin = (await rig.register('admin')).apiKey;

  const gone = await rig.register();
  strangers['a revoked key'] = gone.apiKey;
  await rig.identity.revoke(gone.principal.id);
  strangers['an expired token'] = (await rig.identity.signIn(owner.apiKey, { name: 'Old' })).accessToken;
  rig.pass(11 * MINUTE);
  const ended = await rig.identity.signIn(owner.apiKey, { name: 'Lost' });
  strangers['a token of a device that was signed out'] = ended.accessToken;
  const sessions = await rig.identity.listSessions(account);
  await Promise.all(sessions.map(({ id }) => rig.identity.revokeSession(id, account)));
  strangers['a key that never was'] = `iog_${'x'.repeat(43)}`;
  const [header, , signature] = ended.accessToken.split('.');
  const claims = Buffer.from(JSON.stringify({ sub: account, scope: 'account', exp: 4e9 })).toString(
    'base64url',
  );
  strangers['a token with other claims'] = [header, claims, signature].join('.');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  strangers['a token without a signature'] = `${none}.${claims}.`;

  const made = async (path: string, body: object, by = keys.account) => {
    const answer = await rig.call(by, 'POST', path, body);
    expect(answer.status, path).toBe(201);
    return String(answer.body.id);
  };
  owned['/credits/purchases'] = await made('/credits/purchases', { amount: '100', method: 'usdc' });
  await rig.webhook({
    type: 'payment.succeeded',
    data: { purchase_id: owned['/credits/purchases'], payment_id: 'pay-1', amount: '100' },
  });
  const service = { account_id: account, amount: '1', service: 'vm' };
  owned['/service/holds'] = await made('/service/holds', { ...service, id: 'hold-1' }, keys.service);
  owned['/service/charges'] = await made('/service/charges', { ...service, id: 'charge-1' }, keys.service);
  owned['/deployments'] = await made('/deployments', {
    name: 'one',
    type: 'vm',
    device: 'H100',
    quantity: 1,
    hours: 1,
    payment_method: 'credits',
  });
  owned['/wallets'] = await made('/wallets', { chain: 'solana', address: SOLANA });
  owned['/credits/withdrawals'] = await made('/credits/withdrawals', { amount: '5', wallet_address: SOLANA });
  const list = async (path: string) => {
    const { items } = (await rig.call(keys.account, 'GET', path)).body;
    return z.array(z.object({ id: z.string() })).parse(items)[0]?.id ?? '';
  };
  owned['/notifications'] = await list('/notifications');
  owned['/credits/transactions'] = await list('/credits/transactions');
  await rig.identity.signIn(keys.account, { name: 'Phone' });
  owned['/sessions'] = await list('/sessions');
  const intent = 'intent-of-the-owner';
  await rig.ledger.settle({
    account,
    actor: { principal: owner.principal.id, scope: 'account' },
    command: { kind: 'profile.set', name: 'Ann' },
    key: intent,
    intent,
  });
  owned['/intents'] = intent;
});
afterAll(() => rig.close());

/** A right call, about the owner's own things where it names one. */
function send({ method, path, example }: Call, bearer: string | null, body: unknown = example) {
  const collection = path.split('/{id}')[0] ?? '';
  const address = path.replace('{id}', owned[collection] ?? 'nothing');
  const query: Record<string, string> = {
    '/credits/check': '?amount=1',
    '/service/holds/{id}': `?account_id=${account}`,
    '/service/charges/{id}': `?account_id=${account}`,
  };
  const text = JSON.stringify(body ?? {}).replaceAll('01900000-0000-7000-8000-000000000001', account);
  return rig.send(method, address + (method === 'GET' ? (query[path] ?? '') : ''), {
    headers: {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      'idempotency-key': newKey(),
      ...(method === 'GET' || body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' || body === undefined ? {} : { body: text }),
  });
}

// A stream of events goes on for ever, so its own test reads it; here only who may not.
const STREAMS = new Set(['/events']);
/** Calls that end what the other calls need. */
const LAST = new Set(['DELETE', 'PUT']);

describe.each(CALLS.filter(({ scope }) => scope !== 'none'))('$name', (call) => {
  test('is for nobody without a good key or token', async () => {
    for (const bearer of [null, ...Object.values(strangers)]) {
      const { status, body, headers } = await send(call, bearer);
      expect([status, body.code]).toEqual([401, 'unauthenticated']);
      expect(headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  test('is for no other scope', async () => {
    for (const scope of ['account', 'finance', 'service', 'admin'] as const) {
      if (scope === call.scope) continue;
      const { status, body } = await send(call, keys[scope]);
      expect([scope, status, body.code]).toEqual([scope, 403, 'forbidden']);
    }
  });
});

const ABOUT_ONE = CALLS.filter(({ path, scope }) => path.includes('{id}') && scope === 'account');

test.each(ABOUT_ONE)('$name of somebody else is not there', async (call) => {
  const before = await rig.ledger.credits(account);
  const { status, body } = await send(call, keys.other);
  expect(status).toBe(404);
  expect(String(body.code)).toMatch(/not_found$/);
  expect(await rig.ledger.credits(account)).toEqual(before);
});

test.each(ABOUT_ONE.toSorted((a, b) => Number(LAST.has(a.method)) - Number(LAST.has(b.method))))(
  '$name is there for its owner',
  async (call) => {
    const { status } = await send(call, keys.account);
    // A deployment that does not run yet cannot be extended, which only its owner learns.
    expect([200, 204, 409]).toContain(status);
  },
);

test.each(CALLS.filter(({ path }) => path.includes('{id}') && path.includes('/service/')))(
  '$name of a service that this identity is not for is not there',
  async (call) => {
    const ray = (await rig.register('service', ['ray'])).apiKey;
    expect((await send(call, ray)).status).toBe(404);
    // Nor is it there under another account.
    const elsewhere = await rig.send(
      call.method,
      call.path.replace('{id}', 'hold-1') + (call.method === 'GET' ? '?account_id=another' : ''),
      {
        headers: {
          authorization: `Bearer ${keys.service}`,
          'idempotency-key': newKey(),
          'content-type': 'application/json',
        },
        ...(call.method === 'GET'
          ? {}
          : {
              body: JSON.stringify({
                ...(typeof call.example === 'object' ? call.example : {}),
                account_id: 'another',
                ...(call.path.includes('status') && { at: toRfc3339(rig.testClock.now()) }),
              }),
            }),
      },
    );
    expect(elsewhere.status).toBe(404);
  },
);

test.each(CALLS.filter(({ scope, path }) => scope !== 'none' && !STREAMS.has(path)))(
  '$name knows its own scope',
  async (call) => {
    const bearer = call.scope === 'none' ? '' : keys[call.scope];
    const { status, body } = await send(call, bearer);
    expect(status).not.toBe(401);
    if (status === 403) expect(['account_suspended', 'forbidden']).toContain(body.code);
    expect(status).toBeLessThan(500);
  },
);

test('what is for everybody is few, and known', () => {
  expect(
    CALLS.filter(({ scope }) => scope === 'none')
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual([
    'GET /healthz',
    'GET /plans',
    'GET /prices',
    'GET /readyz',
    'POST /auth/refresh',
    'POST /auth/revoke',
    'POST /auth/token',
    'POST /webhooks/payments',
  ]);
});
