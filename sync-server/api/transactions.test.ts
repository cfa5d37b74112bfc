import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { HOUR, toRfc3339 } from '../../shared/time.ts';
import { TEST_EPOCH } from './movable-clock.ts';
import { openRig, type Rig } from './rig.ts';
import { TransactionAnswer } from './schemas.ts';

let rig: Rig;
let ann: { apiKey: string; account: string };
let bob: { apiKey: string; account: string };
let keys: { finance: string; service: string };

const List = z.object({ items: z.array(TransactionAnswer), next_cursor: z.string().nullable() });

async function open() {
  const { principal, apiKey } = await rig.register();
  return { account: principal.account ?? '', apiKey };
}

async function list(query = '', { apiKey } = ann) {
  const { status, body } = await rig.call(apiKey, 'GET', `/credits/transactions${query}`);
  expect(status).toBe(200);
  return List.parse(body);
}

async function fund(amount: string) {
  const { body } = await rig.call(ann.apiKey, 'POST', '/credits/purchases', { amount, method: 'usdc' });
  const data = { purchase_id: body.id, payment_id: `pay-${String(body.id)}`, amount };
  expect((await rig.webhook({ type: 'payment.succeeded', data })).status).toBe(200);
}

const charge = (id: string, amount: string, service = 'vm') =>
  rig.call(keys.service, 'POST', '/service/charges', { account_id: ann.account, id, amount, service });

/** Nine entries at known times: a purchase, a promo and its expiry, three charges, a refund, a refusal, a withdrawal. */
beforeAll(async () => {
  rig = await openRig();
  [ann, bob] = [await open(), await open()];
  keys = {
    finance: (await rig.register('finance')).apiKey,
    service: (await rig.register('service', ['vm', 'ray'])).apiKey,
  };
  const at = (ms: number) => rig.testClock.moveTo(TEST_EPOCH + ms);
  await fund('100');
  await rig.call(keys.finance, 'POST', '/finance/grants', {
    account_id: ann.account,
    id: 'promo-1',
    amount: '5',
    source: 'promo',
    expires_at: toRfc3339(TEST_EPOCH + 3 * HOUR),
  });
  at(HOUR);
  await charge('run-1', '2.5');
  await charge('run-2', '0.25', 'ray');
  at(2 * HOUR);
  await rig.call(keys.service, 'POST', '/service/charges/run-1/refunds', {
    account_id: ann.account,
    id: 'back-1',
    amount: '1',
  });
  // A promo's expiry at three hours is settled late, at four, together with the charge that finds it.
  at(4 * HOUR);
  await charge('run-3', '3');
  at(5 * HOUR);
  await rig.ledger.settle({
    account: ann.account,
    actor: { principal: 'ann', scope: 'account' },
    command: { kind: 'withdrawal.request', amount: 10_000_000_000n, wallet_address: '0x1' },
    intent: 'proposal-000000001',
  });
  await rig.call(ann.apiKey, 'POST', '/credits/withdrawals', {
    amount: '10',
    wallet_address: 'So11111111111111111111111111111111111111112',
  });
});
afterAll(() => rig.close());

test('newest first, with the five fields of the pages and more', async () => {
  const { items, next_cursor } = await list();
  expect(items.map(({ n, type, amount }) => `${n} ${type} ${amount}`)).toEqual([
    '9 withdrawal 0',
    '8 refused 0',
    '7 usage -3',
    '6 expiry -3.25',
    '5 refund 1',
    '4 usage -0.25',
    '3 usage -2.5',
    '2 incentive 5',
    '1 purchase 100',
  ]);
  expect(next_cursor).toBeNull();
  expect(items.at(-1)).toMatchObject({
    at: '2026-01-01T00:00:00.000Z',
    service: 'credits',
    status: 'completed',
    balance: '100',
  });
  expect(items[3]).toMatchObject({ at: '2026-01-01T03:00:00.000Z' });
  expect(items[1]).toMatchObject({ intent: 'proposal-000000001', code: 'insufficient_credits' });
});

test('pages follow each other without a gap or a doublet, whatever their size', async () => {
  const whole = (await list()).items.map(({ n }) => n);
  for (const limit of [1, 2, 4, 9, 10]) {
    const seen: number[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      expect(page).toBeLessThan(10);
      const { items, next_cursor } = await list(`?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(items.length).toBeLessThanOrEqual(limit);
      seen.push(...items.map(({ n }) => n));
      cursor = next_cursor;
    }
    expect(seen).toEqual(whole);
  }
});

test.each([
  ['type=usage', [7, 4, 3]],
  ['type=usage,refund', [7, 5, 4, 3]],
  ['service=ray', [4]],
  ['service=credits&type=purchase,incentive', [2, 1]],
  ['from=2026-01-01T01:00:00.000Z&to=2026-01-01T02:00:00.000Z', [4, 3]],
  ['to=2026-01-01T03:00:00.000Z', [5, 4, 3, 2, 1]],
  ['from=2026-01-01T03:00:00.000Z&to=2026-01-01T04:00:00.000Z', [6]],
  ['from=2026-01-01T04:00:00.001Z', [9, 8]],
  ['from=2027-01-01T00:00:00Z', []],
  ['to=2025-01-01T00:00:00Z', []],
  ['q=RUN-', [7, 5, 4, 3]],
  ['q=0.25', [4]],
  ['q=insufficient', [8]],
  ['q=run-1&type=refund', [5]],
  ['q=nothing-like-it', []],
])('filter %s', async (query, wanted) => {
  expect((await list(`?${query}`)).items.map(({ n }) => n)).toEqual(wanted);
});

test('filters and cursors are checked', async () => {
  for (const query of [
    'type=theft',
    'service=x',
    'from=today',
    'cursor=abc',
    'limit=0',
    'limit=201',
    'q=',
    'x=1',
    'format=xml',
    `q=${'x'.repeat(101)}`,
  ]) {
    const { status, body } = await rig.call(ann.apiKey, 'GET', `/credits/transactions?${query}`);
    expect([status, body.code], query).toEqual([400, 'invalid_request']);
  }
});

test('each entry is found by its id, by its owner only', async () => {
  for (const item of (await list()).items) {
    const path = `/credits/transactions/${item.id}`;
    expect((await rig.call(ann.apiKey, 'GET', path)).body).toEqual(item);
    expect(await rig.call(bob.apiKey, 'GET', path)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  }
  expect((await rig.call(ann.apiKey, 'GET', '/credits/transactions/none')).status).toBe(404);
  expect((await list('', bob)).items).toEqual([]);
});

test('as CSV and as JSON, with the same filters', async () => {
  const authorization = `Bearer ${ann.apiKey}`;
  const csv = await rig.api.request('/credits/transactions?type=usage', {
    headers: { authorization, accept: 'text/csv' },
  });
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(csv.headers.get('content-disposition')).toContain('attachment');
  const lines = (await csv.text()).split('\r\n');
  expect(lines[0]).toBe('"n","at","service","type","amount","balance","status","id","ref","intent","code"');
  expect(lines[1]).toMatch(
    /^"7","2026-01-01T04:00:00.000Z","vm","usage","-3","97","completed","[0-9a-f-]{36}","run-3","",""$/,
  );
  expect(lines).toHaveLength(5);

  const json = await rig.api.request('/credits/transactions?format=json', { headers: { authorization } });
  expect(List.parse(await json.json())).toEqual(await list('?limit=200'));
  const none = await rig.api.request('/credits/transactions?format=json&q=zzz', {
    headers: { authorization },
  });
  expect(await none.json()).toEqual({ items: [], next_cursor: null });
});

test('a name from outside cannot become a formula in a spreadsheet', async () => {
  // The only free texts of an entry are ids: they cannot start with what a formula starts with, but for the minus.
  expect((await charge('=1+1', '0.1')).status).toBe(400);
  expect((await charge('-2-3', '0.1')).status).toBe(201);
  const response = await rig.api.request('/credits/transactions?format=csv&q=-2-3', {
    headers: { authorization: `Bearer ${ann.apiKey}` },
  });
  expect(await response.text()).toContain(`,"'-2-3",`);
});

test('a long history is exported whole, and only as fast as it is read', async () => {
  const { account, apiKey } = await open();
  const actor = { principal: 'fin', scope: 'finance' } as const;
  const service = { principal: 'vm', scope: 'service' } as const;
  const grant = { kind: 'grant', id: 'g', amount: 5_000n, source: 'promo' } as const;
  await rig.ledger.settle({ account, actor, command: grant });
  const use = (index: number) => ({ kind: 'charge', id: `c${index}`, amount: 1n, service: 'vm' }) as const;
  await Promise.all(
    Array.from({ length: 2999 }, (_, index) =>
      rig.ledger.settle({ account, actor: service, command: use(index) }),
    ),
  );
  const headers = { authorization: `Bearer ${apiKey}` };
  const response = await rig.api.request('/credits/transactions?format=csv', { headers });
  const text = await response.text();
  const numbers = text
    .split('\r\n')
    .slice(1, -1)
    .map((line) => Number(/^"(\d+)"/.exec(line)?.[1]));
  expect(numbers).toEqual(Array.from({ length: 3000 }, (_, index) => 3000 - index));

  // A reader that stops reading stops the database, too.
  const reads = vi.spyOn(rig.ledger.database, 'read');
  const slow = await rig.api.request('/credits/transactions?format=csv', { headers });
  const reader = slow.body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const windows = () => reads.mock.calls.filter(([sql]) => sql.includes('seq <')).length;
  expect(windows()).toBeLessThanOrEqual(2);
  await reader?.cancel();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(windows()).toBeLessThanOrEqual(2);
});

test('an account reads its history a few times at once, and a reading that is over makes room', async () => {
  const eve = await open();
  const account_id = eve.account;
  await rig.call(keys.finance, 'POST', '/finance/grants', {
    account_id,
    id: 'g',
    amount: '9',
    source: 'promo',
  });
  // More than a stream takes before its reader reads.
  await Promise.all(
    Array.from({ length: 400 }, (_, count) =>
      rig.call(keys.service, 'POST', '/service/charges', {
        account_id,
        id: `c${count}`,
        amount: '0.01',
        service: 'vm',
      }),
    ),
  );
  const ask = async () =>
    rig.api.request('/credits/transactions?format=csv', {
      headers: { authorization: `Bearer ${eve.apiKey}` },
    });
  const streams = await Promise.all(Array.from({ length: 8 }, ask));
  expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  expect((await ask()).status).toBe(429);
  await streams[0]?.body?.cancel();
  expect((await streams[1]?.text())?.split('\r\n')).toHaveLength(403);
  expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([200, 200, 429]);
});
