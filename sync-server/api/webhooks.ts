// Payment webhooks (Standard Webhooks 1.0): the only evidence of a payment. Signed, fresh, and counted once.
import { hash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { Webhook } from 'standardwebhooks';
import { type Ms, SECOND } from '../../shared/time.ts';
import { sameText } from '../identity/secrets.ts';
import { type Command, Refusal } from '../ledger/command.ts';
import { readBody } from './body.ts';
import type { Api, ApiContext } from './context.ts';
import { operationIdOf, PROBLEMS, tagOf } from './description.ts';
import { parseBody } from './parse.ts';
import { CallerId, Received, Text } from './fields.ts';
import { sendProblem } from './problems.ts';

/** How far a message's time may be from ours. */
const TOLERANCE: Ms = 300 * SECOND;
const MAX_SIGNATURES = 16;
const WEBHOOK_LIMIT = 256 * 1024;

// A provider may add fields any day: they are let be, a payment is not lost over them.
const Payment = z.object({
  purchase_id: CallerId,
  payment_id: Text(128),
  provider: z
    .string()
    .regex(/^[a-z0-9_-]{1,32}$/, 'must be 1 to 32 of a-z 0-9 _ -')
    .default('spherepay'),
});
const Message = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('payment.succeeded'), data: Payment.extend({ amount: Received }) }),
    z.object({ type: z.literal('payment.failed'), data: Payment }),
  ])
  .openapi('PaymentMessage');
const EXAMPLE = {
  type: 'payment.succeeded',
  data: {
    provider: 'spherepay',
    purchase_id: '01900000-0000-7000-8000-000000000003',
    payment_id: 'pay_1',
    amount: '103',
  },
};
const Answer = z.object({ status: z.string(), duplicate: z.boolean() });

interface Signature {
  id: string;
  /** Seconds since 1970, as sent. */
  timestamp: string;
  signature: string;
}

const forged = () =>
  new Refusal('webhook_signature_invalid', 'No signature of this message is made with our secret.');
const untimely = () =>
  new Refusal(
    'webhook_timestamp',
    `The message's time is more than ${TOLERANCE / SECOND} seconds from ours.`,
  );

/**
 * Checks one message: `v1` signatures over `id.timestamp.body` by any of our secrets, then its time.
 * @throws Refusal `webhook_signature_invalid`, `webhook_timestamp`
 */
function verifyWebhook(secrets: string[], sent: Signature, body: string, now: Ms): void {
  if (!/^\d{1,12}$/.test(sent.timestamp)) throw untimely();
  const at = Number(sent.timestamp) * SECOND;
  const entries = sent.signature.split(' ').slice(0, MAX_SIGNATURES);
  let genuine = false;
  for (const secret of secrets) {
    const expected = new Webhook(secret).sign(sent.id, new Date(at), body);
    // No early end: how long this takes says nothing about which entry came close.
    for (const entry of entries) genuine = sameText(entry, expected) || genuine;
  }
  if (!genuine) throw forged();
  if (Math.abs(now - at) > TOLERANCE) throw untimely();
}

/** The body as text; other bytes than UTF-8 were never signed by the provider. */
function textOf(raw: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw forged();
  }
}

function commandOf(message: z.output<typeof Message>): Command {
  const { purchase_id, payment_id, provider } = message.data;
  const payment = { purchase_id, payment_id, provider };
  return message.type === 'payment.succeeded'
    ? { kind: 'payment.succeeded', ...payment, amount: message.data.amount }
    : { kind: 'payment.failed', ...payment };
}

export function webhookRoutes(api: Api, { ledger, clock, webhookSecrets, log, metrics }: ApiContext): void {
  api.openAPIRegistry.registerPath({
    method: 'post',
    path: '/webhooks/payments',
    operationId: operationIdOf('post', '/webhooks/payments'),
    tags: [tagOf('/webhooks/payments')],
    'x-scope': 'none',
    security: [],
    summary: 'The payment provider reports a payment (Standard Webhooks)',
    request: {
      headers: z.object({
        'webhook-id': z.string(),
        'webhook-timestamp': z.string(),
        'webhook-signature': z.string(),
      }),
      body: { required: true, content: { 'application/json': { schema: Message, example: EXAMPLE } } },
    },
    responses: {
      200: { description: 'Taken note of', content: { 'application/json': { schema: Answer } } },
      ...PROBLEMS,
    },
  });

  api.post('/webhooks/payments', async (c) => {
    c.set('route', '/webhooks/payments');
    const id = c.req.header('webhook-id') ?? '';
    const signature = c.req.header('webhook-signature') ?? '';
    if (id === '' || id.length > 256 || signature === '') throw forged();
    const body = textOf(await readBody(c, WEBHOOK_LIMIT));
    const timestamp = c.req.header('webhook-timestamp') ?? '';
    verifyWebhook(webhookSecrets, { id, timestamp, signature }, body, clock.now());

    const message = parseBody(Message, body);
    const account = await ledger.accountOfPurchase(message.data.purchase_id);
    if (account === null) throw new Refusal('not_found', 'There is no such purchase.');
    const outcome = await ledger.settle({
      account,
      actor: { principal: 'webhook.payments', scope: 'system' },
      command: commandOf(message),
      // The message's id is its key, in a shape that every key has.
      key: `webhook:${hash('sha256', id, 'base64url')}`,
    });
    if (!outcome.ok) return sendProblem(c, outcome.problem);
    const { status } = outcome.answer;
    const isMoney = status === 'settled' || status === 'charged_back';
    if (message.type === 'payment.failed' && isMoney && !outcome.replayed) {
      // Provider and ledger disagree about money: it stays, and somebody has to ask (rules.md X6).
      const { purchase_id, payment_id, provider } = message.data;
      const facts = { event: 'payment_failed_late', account, purchase_id, payment_id, provider };
      log.warn(facts, 'a payment is reported as failed after it was settled');
      metrics?.financeAlert('payment_failed_late');
    }
    return c.json({
      status: status ?? 'ok',
      duplicate: outcome.replayed || outcome.answer.duplicate === true,
    });
  });
}
