import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
let user: { apiKey: string; account: string };
let one: string;
let two: string;

const WALLET = 'So11111111111111111111111111111111111111112';

beforeEach(async () => {
  rig = await openRig();
  user = await funded('2000');
  one = (await rig.register('finance')).apiKey;
  two = (await rig.register('finance')).apiKey;
});
afterEach(() => rig.close());

async function funded(amount: string) {
  const { apiKey, principal } = await rig.register();
  const bought = await rig.call(apiKey, 'POST', '/credits/purchases', { amount, method: 'usdc' });
  await rig.webhook({
    type: 'payment.succeeded',
    data: { purchase_id: bought.body.id, payment_id: `pay-${String(bought.body.id)}`, amount },
  });
  return { apiKey, account: principal.account ?? '', purchase: String(bought.body.id) };
}

async function request(amount: string, by = user): Promise<string> {
  const asked = await rig.call(by.apiKey, 'POST', '/credits/withdrawals', { amount, wallet_address: WALLET });
  expect(asked).toMatchObject({ status: 201, body: { status: 'requested', amount, approvals: [] } });
  return String(asked.body.id);
}

const step = (id: string, name: string, body?: object, by = one) =>
  rig.call(by, 'POST', `/finance/withdrawals/${id}/${name}`, body);
const credits = async () => (await rig.call(user.apiKey, 'GET', '/credits')).body;

test('a withdrawal goes its way from request to paid', async () => {
  const id = await request('100');
  expect(await credits()).toMatchObject({ available: '1900', reserved: '100', balance: '2000' });
  expect((await step(id, 'approve')).body).toMatchObject({ status: 'approved' });
  expect((await step(id, 'send')).body).toMatchObject({ status: 'processing' });
  expect(await step(id, 'paid', { tx_url: 'http://insecure.example' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_request' },
  });
  const paid = await step(id, 'paid', { tx_url: 'https://explorer.example/tx/1' });
  expect(paid.body).toMatchObject({ status: 'paid', tx_url: 'https://explorer.example/tx/1' });
  expect((await rig.call(user.apiKey, 'GET', `/credits/withdrawals/${id}`)).body).toEqual(paid.body);
  expect(await credits()).toMatchObject({ balance: '1900', reserved: '0' });
});

test('from 1000 up two principals approve', async () => {
  const id = await request('1000');
  expect((await step(id, 'approve')).body).toMatchObject({ status: 'in_review' });
  expect(await step(id, 'approve')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const approved = await step(id, 'approve', undefined, two);
  expect(approved.body).toMatchObject({ status: 'approved' });
  expect(approved.body.approvals).toHaveLength(2);
});

test('its owner takes a request back, and nobody else can', async () => {
  const id = await request('100');
  const mallory = await rig.register();
  for (const method of ['GET', 'DELETE']) {
    expect(await rig.call(mallory.apiKey, method, `/credits/withdrawals/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'withdrawal_not_found' },
    });
  }
  expect((await rig.call(user.apiKey, 'DELETE', `/credits/withdrawals/${id}`)).body).toMatchObject({
    status: 'cancelled',
  });
  // A problem's own `status` is HTTP's: the withdrawal's stands beside it.
  expect(await step(id, 'approve')).toMatchObject({
    status: 409,
    body: { code: 'withdrawal_state', status: 409, state: 'cancelled' },
  });
  expect(await step('unknown', 'approve')).toMatchObject({
    status: 404,
    body: { code: 'withdrawal_not_found' },
  });
});

test('lists go page by page, newest first, by status and by owner', async () => {
  const other = await funded('100');
  const ids = [await request('1'), await request('2'), await request('3', other), await request('4')];
  await step(ids[1] ?? '', 'reject', { reason: 'no' });
  const amounts = (body: Record<string, unknown>) => {
    const { items } = body;
    return Array.isArray(items) ? items.map((item: { amount: string }) => item.amount) : items;
  };
  const all = await rig.call(one, 'GET', '/finance/withdrawals?limit=3');
  expect(amounts(all.body)).toEqual(['4', '3', '2']);
  const rest = await rig.call(
    one,
    'GET',
    `/finance/withdrawals?limit=3&cursor=${String(all.body.next_cursor)}`,
  );
  expect(amounts(rest.body)).toEqual(['1']);
  expect(rest.body.next_cursor).toBeNull();
  const status = (name: string) => rig.call(one, 'GET', `/finance/withdrawals?status=${name}&limit=2`);
  expect(amounts((await status('requested')).body)).toEqual(['4', '3']);
  expect(amounts((await status('rejected')).body)).toEqual(['2']);
  expect(amounts((await rig.call(other.apiKey, 'GET', '/credits/withdrawals')).body)).toEqual(['3']);
  expect((await rig.call(user.apiKey, 'GET', '/finance/withdrawals')).status).toBe(403);
  expect((await rig.call(one, 'GET', '/finance/withdrawals?limit=0')).status).toBe(400);
});

test('a grant is given once, a dispute takes the purchase back', async () => {
  const grant = { account_id: user.account, id: 'g', amount: '10', source: 'goodwill', services: ['vm'] };
  expect(await rig.call(one, 'POST', '/finance/grants', grant)).toMatchObject({
    status: 201,
    body: { amount: '10', services: ['vm'], expires_at: null },
  });
  await rig.call(one, 'POST', '/finance/grants', grant);
  expect(await credits()).toMatchObject({ balance: '2010', restricted: '10' });
  const past = { ...grant, id: 'g2', expires_at: '2025-01-01T00:00:00Z' };
  expect(await rig.call(one, 'POST', '/finance/grants', past)).toMatchObject({ status: 400 });

  const { purchase } = await funded('5');
  expect((await rig.call(one, 'POST', `/finance/purchases/${purchase}/dispute`)).body).toMatchObject({
    status: 'charged_back',
  });
  expect(await rig.call(one, 'POST', '/finance/purchases/unknown/dispute')).toMatchObject({ status: 404 });
});

test('an adjustment happens when a second principal sends the same, exactly once', async () => {
  const wish = { account_id: user.account, id: 'a', amount: '-20.5', reason: 'billed twice' };
  const send = (by: string, body: object = wish) => rig.call(by, 'POST', '/finance/adjustments', body);
  expect(await send(one)).toMatchObject({ status: 202, body: { status: 'awaiting_approval' } });
  expect((await send(one)).status).toBe(202);
  expect(await credits()).toMatchObject({ balance: '2000' });
  expect(await send(two, { ...wish, amount: '-20' })).toMatchObject({
    status: 409,
    body: { code: 'duplicate_id' },
  });
  expect(await send(two)).toMatchObject({ status: 201, body: { id: 'a', amount: '-20.5' } });
  for (const by of [one, two]) {
    const again = await send(by);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  }
  expect(await credits()).toMatchObject({ balance: '1979.5' });
  expect((await send(one, { ...wish, id: 'b', reason: '' })).status).toBe(400);
  expect((await send(one, { ...wish, account_id: 'nobody' })).status).toBe(404);
});

test('a key sent with an adjustment stands for that adjustment alone', async () => {
  const wish = { account_id: user.account, id: 'a', amount: '5', reason: 'goodwill' };
  const send = (body: object, key = 'one-key-for-one-wish', path = '/finance/adjustments') =>
    rig.call(one, 'POST', path, body, { 'idempotency-key': key });
  expect((await send(wish)).status).toBe(202);
  expect((await send(wish)).status).toBe(202);
  const reuse = { status: 422, body: { code: 'idempotency_key_reuse' } };
  expect(await send({ ...wish, id: 'b' })).toMatchObject(reuse);
  // The other body is a reuse of the key before it is a duplicate of the id.
  expect(await send({ ...wish, amount: '6' })).toMatchObject(reuse);
  const grant = { account_id: user.account, id: 'g', amount: '1', source: 'promo' };
  expect((await send(grant, 'one-key-for-one-grant', '/finance/grants')).status).toBe(201);
  expect(await send({ ...wish, id: 'c' }, 'one-key-for-one-grant')).toMatchObject(reuse);
});

test('a charge is reversed by two principals, at most once', async () => {
  const { apiKey: vm } = await rig.register('service', ['vm']);
  const charge = { account_id: user.account, id: 'c', amount: '30', service: 'vm' };
  await rig.call(vm, 'POST', '/service/charges', charge);
  const [entry] = (await rig.ledger.journal(user.account, 0, 100)).slice(-1);
  const wish = {
    account_id: user.account,
    id: 'rev',
    transfer_id: entry?.patch.recent?.id,
    reason: 'wrong account',
  };
  expect((await rig.call(one, 'POST', '/finance/reversals', wish)).status).toBe(202);
  expect((await rig.call(two, 'POST', '/finance/reversals', wish)).status).toBe(201);
  expect(await credits()).toMatchObject({ balance: '2000' });
  const second = { ...wish, id: 'rev2' };
  await rig.call(one, 'POST', '/finance/reversals', second);
  expect(await rig.call(two, 'POST', '/finance/reversals', second)).toMatchObject({ status: 409 });
});

test('money in suspense is matched to its purchase', async () => {
  const bought = await rig.call(user.apiKey, 'POST', '/credits/purchases', { amount: '7', method: 'usdc' });
  const ids = { purchase_id: bought.body.id, payment_id: 'late' };
  await rig.webhook({ type: 'payment.failed', data: ids });
  await rig.webhook({ type: 'payment.succeeded', data: { ...ids, amount: '7' } });
  const listed = async (query = '') => (await rig.call(one, 'GET', `/finance/suspense${query}`)).body;
  const { items } = await listed();
  expect(items).toMatchObject([
    {
      account_id: user.account,
      status: 'open',
      amount: '7',
      purchase_id: bought.body.id,
      provider: 'spherepay',
      payment_id: 'late',
    },
  ]);
  const [{ id }] = z.tuple([z.object({ id: z.string() })]).parse(items);
  expect((await rig.call(one, 'GET', '/finance/attention')).body.items).toMatchObject([
    { reason: 'suspense', account_id: user.account, id, amount: '7' },
  ]);
  expect(await credits()).toMatchObject({ balance: '2000' });
  const matched = await rig.call(one, 'POST', `/finance/suspense/${id}/match`);
  expect(matched).toMatchObject({ status: 200, body: { status: 'matched' } });
  expect(await credits()).toMatchObject({ balance: '2007' });
  expect(await listed()).toMatchObject({ items: [] });
  expect(await listed('?status=matched')).toMatchObject({ items: [{ id, status: 'matched' }] });
  expect((await rig.call(one, 'GET', '/finance/attention')).body.items).toEqual([]);
  expect(await rig.call(one, 'POST', '/finance/suspense/unknown/match')).toMatchObject({ status: 404 });
  expect((await rig.call(user.apiKey, 'GET', '/finance/suspense')).status).toBe(403);
});

test('an account’s allowance and state are set by finance', async () => {
  const patch = (body: object) => rig.call(one, 'PATCH', `/finance/accounts/${user.account}`, body);
  expect((await patch({ allowance: '0' })).status).toBe(200);
  expect(await credits()).toMatchObject({ allowance: '0' });
  expect((await patch({ state: 'closed' })).body).toMatchObject({ state: 'closed' });
  expect((await patch({})).status).toBe(400);
  expect(
    await rig.call(user.apiKey, 'POST', '/credits/purchases', { amount: '5', method: 'usdc' }),
  ).toMatchObject({
    status: 403,
    body: { code: 'account_closed' },
  });
});

test('whether it is enough is asked without a key and changes nothing', async () => {
  const check = (query: string) => rig.call(user.apiKey, 'GET', `/credits/check?${query}`);
  expect((await check('amount=25&service=vm')).body).toMatchObject({ sufficient: true, decision: 'approve' });
  expect((await check('amount=2005')).body).toMatchObject({
    sufficient: false,
    shortfall: '5',
    decision: 'approve_with_allowance',
    top_up: { card: { credits: '5', fee: '0.15', total: '5.15' } },
  });
  for (const query of ['', 'amount=1e3', 'amount=-1', 'amount=1&service=gpu']) {
    expect((await check(query)).status, query).toBe(400);
  }
});
