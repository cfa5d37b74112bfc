// Whatever is sent, to whatever address: an answer, never a fault of ours, and every error a problem document.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newKey, openRig, type Rig } from './rig.ts';

vi.setConfig({ testTimeout: 60_000 });

let rig: Rig;
let keys: { account: string; finance: string; service: string };
let account: string;
let purchase: string;

beforeAll(async () => {
  rig = await openRig();
  const registered = await rig.register();
  account = registered.principal.account ?? '';
  const [finance, service] = [await rig.register('finance'), await rig.register('service', ['vm', 'force'])];
  keys = { account: registered.apiKey, finance: finance.apiKey, service: service.apiKey };
  const bought = await rig.call(keys.account, 'POST', '/credits/purchases', { amount: '50', method: 'usdc' });
  purchase = String(bought.body.id);
});
afterAll(() => rig.close());

type Fields = Record<string, unknown>;
/** A right call of each kind, to be spoilt in one place; `@` stands for what only the test knows. */
const CALLS: [keyof typeof keys, string, string, Fields?][] = [
  ['account', 'POST', '/auth/token', { api_key: '@key', device: { id: 'd', name: 'Laptop' } }],
  ['account', 'POST', '/auth/refresh', { refresh_token: 'x' }],
  ['account', 'POST', '/auth/revoke', { refresh_token: 'x' }],
  ['account', 'GET', '/credits'],
  ['account', 'GET', '/credits/check?amount=5&service=vm'],
  ['account', 'POST', '/credits/purchases', { amount: '5', method: 'card' }],
  ['account', 'GET', '/credits/purchases/@purchase'],
  [
    'account',
    'POST',
    '/credits/withdrawals',
    { amount: '1', wallet_address: 'So11111111111111111111111111111111111111112' },
  ],
  ['account', 'GET', '/credits/withdrawals?limit=2&cursor=x'],
  ['account', 'DELETE', '/credits/withdrawals/x'],
  ['account', 'DELETE', '/sessions/x'],
  [
    'service',
    'POST',
    '/service/holds',
    {
      account_id: '@account',
      id: '@id',
      amount: '1',
      service: 'vm',
      on_insufficient: 'pending',
      use_allowance: true,
    },
  ],
  ['service', 'POST', '/service/holds/x/capture', { account_id: '@account', amount: '1' }],
  ['service', 'POST', '/service/holds/x/void', { account_id: '@account' }],
  ['service', 'GET', '/service/holds/x?account_id=@account'],
  [
    'service',
    'POST',
    '/service/charges',
    { account_id: '@account', id: '@id', amount: '0.01', service: 'vm', force: true },
  ],
  ['service', 'POST', '/service/charges/x/refunds', { account_id: '@account', id: '@id', amount: '1' }],
  ['finance', 'GET', '/finance/withdrawals?status=requested&limit=2'],
  ['finance', 'POST', '/finance/withdrawals/x/reject', { reason: 'no' }],
  ['finance', 'POST', '/finance/withdrawals/x/paid', { tx_url: 'https://x.example' }],
  [
    'finance',
    'POST',
    '/finance/grants',
    {
      account_id: '@account',
      id: '@id',
      amount: '1',
      source: 'promo',
      expires_at: '2027-01-01T00:00:00Z',
      services: ['vm'],
      priority: 3,
    },
  ],
  [
    'finance',
    'POST',
    '/finance/adjustments',
    { account_id: '@account', id: '@id', amount: '-1', reason: 'why' },
  ],
  [
    'finance',
    'POST',
    '/finance/reversals',
    { account_id: '@account', id: '@id', transfer_id: 'x', reason: 'why' },
  ],
  ['finance', 'POST', '/finance/purchases/@purchase/dispute', {}],
  ['finance', 'PATCH', '/finance/accounts/@account', { allowance: '3', state: 'active' }],
];

const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1e3',
    '-5',
    '0.0000001',
    '99999999999999999999',
    'x',
    '\ud800',
    'a\u0000b',
    '__proto__',
    '../..',
  ),
  fc.constantFrom(
    '1969-12-31T23:59:59Z',
    '+275760-09-13T00:00:00Z',
    'https://',
    -1,
    1e308,
    null,
    [],
    {},
    true,
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);
const spoilt = fc.record({
  call: fc.constantFrom(...CALLS),
  /** Which field is spoilt; more than there are leaves the body whole, or replaces it. */
  field: fc.nat({ max: 9 }),
  value: nasty,
  segment: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 70 }), { nil: undefined }),
});

function filled(text: string): string {
  const known: Record<string, string> = {
    '@account': account,
    '@purchase': purchase,
    '@id': newKey(),
    '@key': keys.account,
  };
  return text.replaceAll(/@\w+/g, (name) => known[name] ?? name);
}

function bodyOf(fields: Fields | undefined, field: number, value: unknown): string | undefined {
  if (!fields) return undefined;
  if (field === 9) return JSON.stringify(value) ?? '';
  const name = Object.keys(fields)[field] ?? (field === 8 ? 'surplus' : undefined);
  return filled(JSON.stringify(name === undefined ? fields : { ...fields, [name]: value }));
}

test('no call spoilt in one place is a fault of ours', async () => {
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(spoilt, async ({ call: [who, method, path, fields], field, value, segment }) => {
      const address =
        segment === undefined
          ? path
          : path.replace(/\/x\b/, () => `/${encodeURIComponent(segment.toWellFormed())}`);
      const body = bodyOf(fields, field, value);
      const answer = await rig.send(method, filled(address), {
        headers: {
          authorization: `Bearer ${keys[who]}`,
          'content-type': 'application/json',
          'idempotency-key': newKey(),
        },
        ...(body === undefined ? {} : { body }),
      });
      seen.add(answer.status);
      expect(answer.status).toBeLessThan(500);
      if (answer.status < 400) return;
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body).toMatchObject({
        status: answer.status,
        code: expect.any(String),
        detail: expect.any(String),
      });
    }),
    { numRuns: 3000 },
  );
  expect(rig.logged.filter(({ level }) => level === 'error')).toEqual([]);
  // The calls were right but for one place: they reached the ledger, not the door only.
  expect([...seen]).toEqual(expect.arrayContaining([200, 201, 202, 204, 400, 401, 404]));
});

test('no signed message is a fault of ours', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 6 }), nasty, async (field, value) => {
      const data: Fields = {
        provider: 'spherepay',
        purchase_id: purchase,
        payment_id: newKey(),
        amount: '1',
      };
      const name = Object.keys(data)[field];
      const message: Fields = {
        type: 'payment.succeeded',
        data: name === undefined ? data : { ...data, [name]: value },
      };
      const whole =
        field === 5 ? { ...message, type: value } : field === 6 ? { ...message, data: value } : message;
      const { status } = await rig.webhook(JSON.stringify(whole));
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
  expect(rig.logged.filter(({ level }) => level === 'error')).toEqual([]);
});
