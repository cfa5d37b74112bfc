import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR, toRfc3339 } from '../../shared/time.ts';
import { openRig, type Rig } from './rig.ts';

const MODEL = 'openai/gpt-oss-120b';

let rig: Rig;
let ann: { apiKey: string; account: string };
let gateway: string;

beforeEach(async () => {
  rig = await openRig();
  const made = await rig.register();
  ann = { apiKey: made.apiKey, account: made.principal.account ?? '' };
  gateway = (await rig.register('service', ['inference'])).apiKey;
});
afterEach(() => rig.close());

const now = () => toRfc3339(rig.testClock.now());
/** A million input tokens cost 0.04, a million output tokens 0.40. */
const use = (id: string, more: object = {}) => ({
  id,
  account_id: ann.account,
  model: MODEL,
  input_tokens: 1_000_000,
  output_tokens: 0,
  at: now(),
  ...more,
});
const report = (...items: unknown[]) => rig.call(gateway, 'POST', '/service/usage', items);
const get = async (path: string) => (await rig.call(ann.apiKey, 'GET', path)).body;

test('the pool pays first, credits what is over, and the plan says which model used what', async () => {
  expect((await report(use('a'), use('b', { output_tokens: 1_000_000 }))).body).toEqual({
    items: [
      { id: 'a', status: 'posted', cost: '0.04', quota: '0.04', charged: '0' },
      { id: 'b', status: 'posted', cost: '0.44', quota: '0.01', charged: '0.43' },
    ],
  });
  expect(await get('/plan')).toMatchObject({
    plan: 'standard',
    cycle: 'daily',
    allowance: '0.05',
    used: '0.05',
    end: '2026-01-02T00:00:00.000Z',
    models: [{ model: MODEL, input_tokens: 2_000_000, cost: '0.48', charged: '0.43' }],
  });
  const { items } = await get('/credits/transactions');
  expect(items).toMatchObject([{ type: 'usage', service: 'inference', amount: '-0.43', ref: MODEL }]);
});

test('each item counts once, however often and in whichever company it is told', async () => {
  await report(use('a'), use('b'));
  const { body } = await report(use('b'), use('c'), use('a', { input_tokens: 5 }));
  expect(body.items).toMatchObject([
    { id: 'b', status: 'duplicate', cost: '0.04' },
    { id: 'c', status: 'posted' },
    { id: 'a', status: 'refused', code: 'duplicate_id' },
  ]);
  expect(await get('/plan')).toMatchObject({ models: [{ input_tokens: 3_000_000 }] });
});

test('a bad item is refused alone, at its place', async () => {
  const { status, body } = await report(
    use('ok'),
    use('model', { model: 'none' }),
    use('who', { account_id: 'nobody' }),
    use('early', { at: '2025-12-01T00:00:00.000Z' }),
    use('neg', { input_tokens: -1 }),
    { id: 'half' },
    'text',
    null,
  );
  expect(status).toBe(200);
  expect(
    (body.items as { id: string; status: string; code?: string }[]).map(({ id, status, code }) => [
      id,
      code ?? status,
    ]),
  ).toEqual([
    ['ok', 'posted'],
    ['model', 'invalid_request'],
    ['who', 'not_found'],
    ['early', 'invalid_request'],
    ['neg', 'invalid_request'],
    ['half', 'invalid_request'],
    [null, 'invalid_request'],
    [null, 'invalid_request'],
  ]);
  expect((await report()).status).toBe(400);
  expect((await rig.call(gateway, 'POST', '/service/usage', { id: 'a' })).status).toBe(400);
});

test('only for services of inference', async () => {
  const vm = (await rig.register('service', ['vm'])).apiKey;
  expect((await rig.call(vm, 'POST', '/service/usage', [use('a')])).status).toBe(403);
  expect((await rig.call(ann.apiKey, 'POST', '/service/usage', [use('a')])).status).toBe(403);
});

test('a larger plan begins at once, a smaller one when the period ends', async () => {
  const choose = (plan: string) => rig.call(ann.apiKey, 'PUT', '/plan', { plan });
  expect((await choose('developer')).body).toMatchObject({ plan: 'developer', next: null, cycle: '8h' });
  expect((await choose('standard')).body).toMatchObject({
    plan: 'developer',
    next: 'standard',
    next_at: '2026-01-01T08:00:00.000Z',
  });
  // The plan takes a tenth off what a model costs.
  expect((await report(use('a'))).body.items).toMatchObject([{ cost: '0.036' }]);
  rig.testClock.moveTo(rig.testClock.now() + 8 * HOUR);
  expect(await get('/plan')).toMatchObject({ plan: 'standard', next: null, used: '0' });
  expect((await choose('golden')).status).toBe(400);
});

test('the plans on offer', async () => {
  const { body } = await rig.send('GET', '/plans');
  expect(body.items).toMatchObject([
    { plan: 'standard', cycle: 'daily', discount_percent: 0, monthly_credits: null },
    { plan: 'professional', cycle: 'daily', monthly_credits: '15' },
    { plan: 'developer', cycle: '8h', monthly_credits: '150', discount_percent: 10 },
  ]);
});

test('thresholds are set whole, and say since when they are crossed', async () => {
  const put = (body: object) => rig.call(ann.apiKey, 'PUT', '/alerts', body);
  expect((await put({ balance: '5', plan_share: 80 })).body).toMatchObject({
    thresholds: { balance: '5', runway_hours: null, plan_share: 80, spend_per_day: null },
  });
  await report(use('a'));
  expect(await get('/alerts')).toMatchObject({ crossed: { plan_share: now() } });
  expect((await put({ spend_per_day: '0' })).status).toBe(400);
  expect((await put({ balance: 5 })).body).toMatchObject({ code: 'invalid_amount' });
  expect((await put({ runway_hours: 0 })).status).toBe(400);
  expect((await put({})).body).toMatchObject({ thresholds: { balance: null, plan_share: null } });
});

test('a smaller plan that is due begins before the first use is priced', async () => {
  await rig.call(ann.apiKey, 'PUT', '/plan', { plan: 'developer' });
  expect((await report(use('a'))).body.items).toMatchObject([{ cost: '0.036' }]);
  const { body } = await rig.call(ann.apiKey, 'PUT', '/plan', { plan: 'standard' });
  expect(body).toMatchObject({ plan: 'developer', next: 'standard' });
  const begins = Date.parse(String(body.next_at));
  rig.testClock.moveTo(begins - 1);
  expect((await report(use('b'))).body.items).toMatchObject([{ cost: '0.036' }]);
  rig.testClock.moveTo(begins);
  expect((await report(use('c'))).body.items).toMatchObject([{ cost: '0.04' }]);
});
