import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SECOND } from '../../shared/time.ts';
import { FOREIGN_SECRET, NEW_SECRET, OLD_SECRET, openRig, type Rig } from './rig.ts';

let rig: Rig;
let apiKey: string;
let account: string;
let purchase: string;

beforeEach(async () => {
  await open(await openRig());
});
afterEach(() => rig.close());

async function open(next: Rig): Promise<void> {
  rig = next;
  const registered = await rig.register();
  apiKey = registered.apiKey;
  account = registered.principal.account ?? '';
  const bought = await rig.call(apiKey, 'POST', '/credits/purchases', { amount: '100', method: 'card' });
  purchase = String(bought.body.id);
}

function paid(overrides: object = {}): object {
  return {
    type: 'payment.succeeded',
    data: { provider: 'spherepay', purchase_id: purchase, payment_id: 'pay_1', amount: '103', ...overrides },
  };
}

async function balance(): Promise<unknown> {
  return (await rig.call(apiKey, 'GET', '/credits')).body.balance;
}
const rows = async () => (await rig.ledger.journal(account, 0, 1000)).length;

/** Sends something that must be refused, and looks at what came of it. */
async function tried(send: () => Promise<{ status: number; body: Record<string, unknown> }>) {
  const before = await rows();
  const { status, body } = await send();
  return { status, code: body.code, written: (await rows()) - before, balance: await balance() };
}
const refused = (status: number, code: string) => ({ status, code, written: 0, balance: '0' });

test('a signed payment is credited once, whatever arrives how often', async () => {
  const message = paid();
  const first = await rig.webhook(message, { id: 'msg_1' });
  expect(first).toMatchObject({ status: 200, body: { duplicate: false } });
  expect(await balance()).toBe('100');
  expect(await rig.webhook(message, { id: 'msg_1' })).toMatchObject({
    status: 200,
    body: { duplicate: true },
  });
  expect(await rig.webhook(message, { id: 'msg_2' })).toMatchObject({
    status: 200,
    body: { duplicate: true },
  });
  expect(await balance()).toBe('100');
});

test('two deliveries in the same instant are one credit', async () => {
  const answers = await Promise.all([1, 2, 3, 4].map((n) => rig.webhook(paid(), { id: `msg_${n % 2}` })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
  expect(await balance()).toBe('100');
});

test('a failed payment credits nothing, and money that comes after it waits in suspense', async () => {
  const failed = { type: 'payment.failed', data: { purchase_id: purchase, payment_id: 'pay_1' } };
  expect((await rig.webhook(failed)).status).toBe(200);
  expect(await rig.webhook(paid())).toMatchObject({ status: 200, body: { status: 'suspense' } });
  expect(await balance()).toBe('0');
});

test('a message signed with another secret is refused', async () => {
  expect(await tried(() => rig.webhook(paid(), { secret: FOREIGN_SECRET }))).toEqual(
    refused(401, 'webhook_signature_invalid'),
  );
});

test('a signature that is missing, cut, of another version or over another body is refused', async () => {
  const body = JSON.stringify(paid());
  const right = new Webhook(OLD_SECRET).sign('msg_1', new Date(rig.testClock.now()), body);
  const other = new Webhook(OLD_SECRET).sign(
    'msg_1',
    new Date(rig.testClock.now()),
    body.replace('103', '104'),
  );
  for (const signature of ['', 'v1,', right.slice(0, -2), right.replace('v1,', 'v1a,'), other, 'v1']) {
    const headers = { 'webhook-signature': signature };
    expect(await tried(() => rig.webhook(body, { id: 'msg_1', headers }))).toEqual(
      refused(401, 'webhook_signature_invalid'),
    );
  }
  expect(
    await tried(() => rig.webhook(`${body} `, { id: 'msg_1', headers: { 'webhook-signature': right } })),
  ).toEqual(refused(401, 'webhook_signature_invalid'));
  expect(
    await tried(() => rig.webhook(body, { id: 'msg_2', headers: { 'webhook-signature': right } })),
  ).toEqual(refused(401, 'webhook_signature_invalid'));
  expect(await tried(() => rig.webhook(body, { headers: { 'webhook-id': '' } }))).toEqual(
    refused(401, 'webhook_signature_invalid'),
  );
});

test('a message more than 300 s from our time is refused, at 300 s it still counts', async () => {
  for (const age of [301, -301]) {
    expect(await tried(() => rig.webhook(paid(), { at: rig.testClock.now() - age * SECOND }))).toEqual(
      refused(401, 'webhook_timestamp'),
    );
  }
  for (const timestamp of ['', 'soon', '1e9', '-1', '9'.repeat(30)]) {
    expect(await tried(() => rig.webhook(paid(), { headers: { 'webhook-timestamp': timestamp } }))).toEqual(
      refused(401, 'webhook_timestamp'),
    );
  }
  expect((await rig.webhook(paid(), { at: rig.testClock.now() - 300 * SECOND })).status).toBe(200);
  expect(await balance()).toBe('100');
});

test('a huge body is refused unread', async () => {
  expect(await tried(() => rig.webhook({ ...paid(), padding: 'x'.repeat(300_000) }))).toEqual(
    refused(413, 'request_too_large'),
  );
});

test('the largest purchase by card is credited, though its total passes the largest amount', async () => {
  const bought = await rig.call(apiKey, 'POST', '/credits/purchases', { amount: '1000000', method: 'card' });
  const message = paid({ purchase_id: bought.body.id, payment_id: 'pay_2', amount: bought.body.total });
  expect(bought.body.total).toBe('1030000');
  expect(await rig.webhook(message)).toMatchObject({ status: 200, body: { status: 'settled' } });
  expect(await balance()).toBe('1000000');
});

test('amounts that are none are refused', async () => {
  for (const amount of ['1e3', 103, '-103', '0', '', null, '1.0000001']) {
    const code = amount === '1.0000001' ? 'amount_precision' : 'invalid_amount';
    expect(await tried(() => rig.webhook(paid({ amount })))).toEqual(refused(400, code));
  }
});

test('a purchase that is not ours is not found', async () => {
  expect(
    await tried(() => rig.webhook(paid({ purchase_id: '019aa8f5-7a3c-7c11-9d6e-2f8d54b1a001' }))),
  ).toEqual(refused(404, 'not_found'));
});

test('truncated, foreign and malformed bodies are refused', async () => {
  const body = JSON.stringify(paid());
  expect(await tried(() => rig.webhook(body.slice(0, -5)))).toEqual(refused(400, 'invalid_request'));
  expect(await tried(() => rig.webhook(''))).toEqual(refused(400, 'invalid_request'));
  expect(await tried(() => rig.webhook('null'))).toEqual(refused(400, 'invalid_request'));
  expect(await tried(() => rig.webhook({ type: 'payment.celebrated', data: {} }))).toEqual(
    refused(400, 'invalid_request'),
  );
  expect(await tried(() => rig.webhook(paid({ purchase_id: '../x' })))).toEqual(
    refused(400, 'invalid_request'),
  );
  expect(await tried(() => rig.webhook(paid({ payment_id: 'a\u0000b' })))).toEqual(
    refused(400, 'invalid_request'),
  );
  expect(await tried(() => rig.webhook(paid({ provider: 'Sphere:Pay' })))).toEqual(
    refused(400, 'invalid_request'),
  );
});

test('while a secret is rotated both count, then only the new one', async () => {
  await rig.close();
  await open(await openRig({ webhookSecrets: [OLD_SECRET, NEW_SECRET] }));
  expect((await rig.webhook(paid(), { secret: NEW_SECRET })).status).toBe(200);
  expect((await rig.webhook(paid(), { secret: OLD_SECRET })).status).toBe(200);
  await rig.close();
  await open(await openRig({ webhookSecrets: [NEW_SECRET] }));
  expect(await tried(() => rig.webhook(paid(), { secret: OLD_SECRET }))).toEqual(
    refused(401, 'webhook_signature_invalid'),
  );
});

test('one message may carry several signatures, as a provider that rotates sends it', async () => {
  const body = JSON.stringify(paid());
  const at = new Date(rig.testClock.now());
  const signature = [FOREIGN_SECRET, OLD_SECRET]
    .map((secret) => new Webhook(secret).sign('msg_1', at, body))
    .join(' ');
  expect((await rig.webhook(body, { id: 'msg_1', headers: { 'webhook-signature': signature } })).status).toBe(
    200,
  );
});

test('a provider that adds a field is still understood', async () => {
  expect((await rig.webhook({ ...paid({ risk: 'low' }), api_version: '7' })).status).toBe(200);
});

test('a failure that is told after the settlement changes nothing and is an alert, once (X6)', async () => {
  const data = { purchase_id: purchase, payment_id: 'pay_1' };
  await rig.webhook({ type: 'payment.succeeded', data: { ...data, amount: '100' } });
  const failed = { type: 'payment.failed', data };
  expect((await rig.webhook(failed)).body).toMatchObject({ status: 'settled' });
  const alerts = rig.logged.filter(({ level }) => level === 'warn').map(({ facts }) => facts);
  expect(alerts).toMatchObject([
    { event: 'payment_failed_late', purchase_id: purchase, payment_id: 'pay_1', provider: 'spherepay' },
  ]);
});
