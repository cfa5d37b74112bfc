// What a program and a payment provider send to the server: plain HTTP, signed as Standard Webhooks says. Every answer
// must be as the server's own description says.
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { checkedFetch } from '../../../sync-server/api/contract.ts';

const Body = z.record(z.string(), z.unknown());

export interface Answer {
  status: number;
  headers: Headers;
  /** The parsed body; tests look into it field by field. */
  body: Record<string, unknown>;
}

export async function call(
  url: string,
  path: string,
  apiKey: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const method = body === undefined ? 'GET' : 'POST';
  const response = await checkedFetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer(response);
}

export interface Delivery {
  /** The webhook-id; a provider repeats it when it sends the same event again. */
  id?: string;
  secret: string;
  at?: Date;
  /** Sent as it stands, signed as it stands. */
  body: string;
  signature?: string;
}

/** Delivers a payment webhook, signed with the secret unless a signature is given. */
export async function deliver(url: string, delivery: Delivery): Promise<Answer> {
  const id = delivery.id ?? `msg_${randomUUID()}`;
  const at = delivery.at ?? new Date();
  const signature = delivery.signature ?? new Webhook(delivery.secret).sign(id, at, delivery.body);
  const response = await checkedFetch(`${url}/webhooks/payments`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': signature,
    },
    body: delivery.body,
  });
  return answer(response);
}

/** The body of a webhook that says: this purchase was paid. `amount` is what was paid in USD, fee included. */
export function paid(purchaseId: string, amount: string, paymentId: string = `pay_${randomUUID()}`): string {
  return JSON.stringify({
    type: 'payment.succeeded',
    data: { provider: 'spherepay', purchase_id: purchaseId, payment_id: paymentId, amount },
  });
}

/** Buys credits by card and lets the provider report the payment: the whole way of money into an account. */
export async function fund(
  server: { url: string; webhookSecret: string },
  apiKey: string,
  amount: string,
): Promise<void> {
  const purchase = await call(server.url, '/credits/purchases', apiKey, { amount, method: 'card' });
  if (purchase.status !== 201)
    throw new Error(`Purchase: ${purchase.status} ${JSON.stringify(purchase.body)}`);
  const body = paid(String(purchase.body['id']), String(purchase.body['total']));
  const hook = await deliver(server.url, { secret: server.webhookSecret, body });
  if (hook.status !== 200) throw new Error(`Webhook: ${hook.status} ${JSON.stringify(hook.body)}`);
}

async function answer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = Body.parse(text === '' ? {} : JSON.parse(text));
  return { status: response.status, headers: response.headers, body };
}
