import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, expect, test } from 'vitest';
import type { Purchase } from '../../shared/account.ts';
import { localPayments, type PaymentProvider, remotePayments } from './payments.ts';

const SECRET = `whsec_${Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64')}`;
const purchase: Purchase = {
  id: 'p-1',
  status: 'pending',
  method: 'card',
  credits: '100',
  fee: '3',
  total: '103',
  payment_url: 'http://127.0.0.1:4700/pay/p-1',
  created_at: '2026-01-01T00:00:00.000Z',
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** A webhook that answers these statuses in turn, and keeps what it was sent. */
async function webhook(...statuses: number[]) {
  const got: { headers: Record<string, string>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      // Node joins repeated headers; none of ours is repeated.
      got.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(statuses[got.length - 1] ?? 200).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => server.close() });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

function local(url: string, retries: number[] = [1, 1]) {
  const warned: string[] = [];
  const provider = localPayments({
    webhook: url,
    secret: SECRET,
    clock: { now: () => Date.now() },
    log: { warn: (_, message) => warned.push(message) },
    retries,
  });
  open.push({ close: () => provider.stop() });
  return { provider, warned };
}

async function reported(provider: PaymentProvider) {
  while (provider.reporting('p-1')) await new Promise((resolve) => setTimeout(resolve, 2));
}

test('a payment is reported in a message that the standard library verifies', async () => {
  const { got, url } = await webhook();
  const { provider } = local(url);
  expect(provider.report(purchase, 'succeeded')).toBe(true);
  await reported(provider);
  expect(new Webhook(SECRET).verify(got[0]?.body ?? '', got[0]?.headers ?? {})).toEqual({
    type: 'payment.succeeded',
    data: { provider: 'local', purchase_id: 'p-1', payment_id: 'local-p-1', amount: '103' },
  });
});

test('it is told again until it is taken, always as the same message', async () => {
  const { got, url } = await webhook(503, 500, 200);
  const { provider, warned } = local(url);
  provider.report(purchase, 'failed');
  // A second click while the first is under way tells nothing new.
  provider.report(purchase, 'failed');
  await reported(provider);
  expect(got).toHaveLength(3);
  expect(new Set(got.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['msg_failed_p-1']));
  expect(JSON.parse(got[0]?.body ?? '')).toEqual({
    type: 'payment.failed',
    data: { provider: 'local', purchase_id: 'p-1', payment_id: 'local-p-1' },
  });
  expect(warned).toHaveLength(2);
});

test('it gives up after its last attempt, and stops at once when asked to', async () => {
  const { got, url } = await webhook(500, 500, 500, 500);
  const { provider } = local(url);
  provider.report(purchase, 'succeeded');
  await reported(provider);
  expect(got).toHaveLength(3);

  const { provider: patient } = local(url, [60_000]);
  patient.report(purchase, 'succeeded');
  while (got.length < 4) await new Promise((resolve) => setTimeout(resolve, 2));
  await patient.stop();
  expect(patient.reporting('p-1')).toBe(false);
});

test('what is decided is not paid again', async () => {
  const { got, url } = await webhook();
  const { provider } = local(url);
  for (const status of ['settled', 'failed', 'expired', 'charged_back'] as const) {
    expect(provider.report({ ...purchase, status }, 'succeeded')).toBe(false);
  }
  expect(got).toEqual([]);
});

test('a real provider has an address of its own', () => {
  const provider = remotePayments(
    'https://pay.example/start?order={purchase_id}&sum={total}&by={method}&x={y}',
  );
  expect(provider.pageOf({ ...purchase, id: 'a:b' })).toBe(
    'https://pay.example/start?order=a%3Ab&sum=103&by=card&x={y}',
  );
  expect(provider.report(purchase, 'succeeded')).toBe(false);
});
