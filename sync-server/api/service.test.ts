import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryOf } from '../identity/accounts.ts';
import { newKey, openRig, type Rig } from './rig.ts';

let rig: Rig;
let account: string;
let vm: string;

beforeEach(async () => {
  rig = await openRig();
  account = (await rig.register()).principal.account ?? '';
  vm = (await rig.register('service', ['vm'])).apiKey;
  const { apiKey: finance } = await rig.register('finance');
  await rig.call(finance, 'POST', '/finance/grants', {
    account_id: account,
    id: 'g',
    amount: '50',
    source: 'promo',
  });
});
afterEach(() => rig.close());

const hold = (body: object, key = vm) =>
  rig.call(key, 'POST', '/service/holds', {
    account_id: account,
    id: 'h',
    amount: '40',
    service: 'vm',
    ...body,
  });

test('a hold is authorized, read, captured in part, and its charge refunded', async () => {
  expect(await hold({})).toMatchObject({
    status: 201,
    body: { id: 'h', status: 'authorized', amount: '40', expires_at: '2026-01-01T00:15:00.000Z' },
  });
  const read = () => rig.call(vm, 'GET', `/service/holds/h?account_id=${account}`);
  expect(await read()).toMatchObject({ status: 200, body: { status: 'authorized', service: 'vm' } });
  const captured = await rig.call(vm, 'POST', '/service/holds/h/capture', {
    account_id: account,
    amount: '25',
  });
  expect(captured).toMatchObject({
    status: 200,
    body: { status: 'captured', captured: '25', charge_id: 'c:h' },
  });
  expect((await read()).body).toEqual(captured.body);

  const charge = () => rig.call(vm, 'GET', `/service/charges/c:h?account_id=${account}`);
  expect(await charge()).toMatchObject({ status: 200, body: { id: 'c:h', amount: '25', refunded: '0' } });
  const refund = { account_id: account, id: 'r', amount: '10' };
  expect(await rig.call(vm, 'POST', '/service/charges/c:h/refunds', refund)).toMatchObject({
    status: 201,
    body: { id: 'r', charge_id: 'c:h', amount: '10' },
  });
  expect((await charge()).body.refunded).toBe('10');
  expect(
    await rig.call(vm, 'POST', '/service/charges/c:h/refunds', { ...refund, id: 'r2', amount: '16' }),
  ).toMatchObject({ status: 409, body: { code: 'refund_exceeds_charge' } });
});

test('a hold that does not fit waits with 202 and says what is missing, then fails when its time is over', async () => {
  const waiting = await hold({ amount: '60' });
  expect(waiting).toMatchObject({
    status: 202,
    body: { status: 'pending_payment', deadline: '2026-01-01T00:05:00.000Z', shortfall: '10' },
  });
  const read = () => rig.call(vm, 'GET', `/service/holds/h?account_id=${account}`);
  expect((await read()).body).toEqual(waiting.body);
  rig.testClock.moveTo(rig.testClock.now() + 300_001);
  expect((await read()).body).toMatchObject({ status: 'failed' });
  expect(await hold({ id: 'h2', amount: '60', on_insufficient: 'fail' })).toMatchObject({
    status: 402,
    body: { code: 'insufficient_credits', required: '60', available: '50', shortfall: '10' },
  });
});

test('the caller’s id is the key: the same hold is replayed, another under its id refused', async () => {
  const headers = { 'idempotency-key': '' };
  const body = { account_id: account, id: 'h', amount: '40', service: 'vm' };
  const first = await rig.call(vm, 'POST', '/service/holds', body, headers);
  const again = await rig.call(vm, 'POST', '/service/holds', body, headers);
  expect(again).toMatchObject({ status: 201, body: first.body });
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await rig.call(vm, 'POST', '/service/holds', { ...body, amount: '41' }, headers)).toMatchObject({
    status: 409,
    body: { code: 'duplicate_id' },
  });
});

test('a key that is sent is honoured before the id', async () => {
  const headers = { 'idempotency-key': newKey() };
  const body = { account_id: account, id: 'c', amount: '1', service: 'vm' };
  expect((await rig.call(vm, 'POST', '/service/charges', body, headers)).status).toBe(201);
  expect(await rig.call(vm, 'POST', '/service/charges', { ...body, amount: '2' }, headers)).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reuse' },
  });
});

test('a service touches only what is its own', async () => {
  await hold({});
  const { apiKey: ray } = await rig.register('service', ['ray']);
  expect(await hold({ id: 'x' }, ray)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const foreign = { account_id: account, amount: '1' };
  const not = { status: 404, body: { code: 'hold_not_found' } };
  expect(await rig.call(ray, 'POST', '/service/holds/h/capture', foreign)).toMatchObject(not);
  expect(await rig.call(ray, 'POST', '/service/holds/h/void', { account_id: account })).toMatchObject(not);
  expect(await rig.call(ray, 'GET', `/service/holds/h?account_id=${account}`)).toMatchObject(not);
  await rig.call(vm, 'POST', '/service/holds/h/capture', foreign);
  expect(await rig.call(ray, 'POST', '/service/charges/c:h/refunds', { ...foreign, id: 'r' })).toMatchObject({
    status: 404,
    body: { code: 'charge_not_found' },
  });
  const { apiKey: any } = await rig.register('service');
  expect((await hold({ id: 'y', service: 'ray', amount: '1' }, any)).status).toBe(201);
});

test('only an identity made for it may force a charge', async () => {
  const charge = { account_id: account, id: 'late', amount: '200', service: 'vm', force: true };
  expect(await rig.call(vm, 'POST', '/service/charges', charge)).toMatchObject({ status: 403 });
  const { apiKey: meter } = await rig.register('service', ['vm', 'force']);
  expect((await rig.call(meter, 'POST', '/service/charges', charge)).status).toBe(201);
  expect((await rig.ledger.credits(account))?.debt).toBe('150');
});

test('an account, finance and a stranger are no service', async () => {
  const { apiKey } = await rig.register();
  const { apiKey: finance } = await rig.register('finance');
  for (const key of [apiKey, finance]) expect((await hold({}, key)).status).toBe(403);
  expect((await hold({}, 'iog_nobody')).status).toBe(401);
  expect(
    await rig.call(vm, 'POST', '/service/charges', {
      account_id: 'nobody',
      id: 'c',
      amount: '1',
      service: 'vm',
    }),
  ).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test('an identity with a cap moves no more than that at once, by key and by token', async () => {
  const capped = await registryOf(rig.ledger, rig.identity).register({
    name: 'Small',
    scope: 'service',
    services: ['vm'],
    cap: '5',
  });
  expect(capped.principal.cap).toBe('5');
  const { accessToken } = await rig.identity.signIn(capped.apiKey, { name: 'Node' });
  const [account_id, service] = [account, 'vm'];
  for (const [index, bearer] of [capped.apiKey, accessToken].entries()) {
    const over = { account_id, service, amount: '5.000001' };
    const refused = { status: 403, body: { code: 'forbidden', cap: '5' } };
    expect(await rig.call(bearer, 'POST', '/service/charges', { ...over, id: `o${index}` })).toMatchObject(
      refused,
    );
    expect(await rig.call(bearer, 'POST', '/service/holds', { ...over, id: `o${index}` })).toMatchObject(
      refused,
    );
    const within = { account_id, id: `w${index}`, amount: '5', service };
    expect((await rig.call(bearer, 'POST', '/service/charges', within)).status).toBe(201);
  }
});
