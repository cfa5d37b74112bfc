// Where purchases are paid: a provider's own pages, or in development a page of this server, behind which a small
// provider stands that reports what a person did there as a real one would: by a signed webhook over HTTP.
import { Webhook } from 'standardwebhooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Purchase } from '../../shared/account.ts';
import { type Clock, MINUTE, type Ms, SECOND } from '../../shared/time.ts';

export type PaymentResult = 'succeeded' | 'failed';

export interface PaymentProvider {
  /** The address where a person pays this purchase; null when this server shows the page itself. */
  pageOf(purchase: Purchase): string | null;
  /** Development only: a person has paid, or let it fail. Told by webhook; false when no such thing can be done here. */
  report(purchase: Purchase, result: PaymentResult): boolean;
  /** Whether a report of this purchase is still on its way. */
  reporting(id: string): boolean;
  /** Ends what is under way. */
  stop(): Promise<void>;
}

/**
 * A real provider: its page is an address in which `{purchase_id}`, `{total}` and `{method}` are filled in. It knows
 * our webhook's address and secret.
 */
export function remotePayments(template: string): PaymentProvider {
  return {
    pageOf({ id, total, method }) {
      const values: Record<string, string> = { purchase_id: id, total, method };
      return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
        Object.hasOwn(values, name) ? encodeURIComponent(values[name] ?? '') : whole,
      );
    },
    report: () => false,
    reporting: () => false,
    stop: async () => {},
  };
}

export interface LocalPaymentsOptions {
  /** `http://127.0.0.1:4700/webhooks/payments` */
  webhook: string;
  /** `whsec_...` */
  secret: string;
  /** The rules' clock: messages are dated by it. */
  clock: Clock;
  log: { warn(facts: object, message: string): void };
  fetch?: typeof globalThis.fetch;
  /** Pauses before each further attempt. */
  retries?: readonly Ms[];
}

/** The first pauses of Standard Webhooks' schedule; a development server is not awaited for a day. */
const RETRIES: readonly Ms[] = [SECOND, 5 * SECOND, 30 * SECOND, 5 * MINUTE];
const ANSWER_WITHIN: Ms = 15 * SECOND;

/** For development: pays at a click. Reports under way are lost with the process; the page offers to pay again. */
export function localPayments(options: LocalPaymentsOptions): PaymentProvider {
  const { webhook, secret, clock, log, fetch = globalThis.fetch, retries = RETRIES } = options;
  const ending = new AbortController();
  const underWay = new Map<string, Promise<void>>();

  /** One attempt. @throws Error when the webhook did not take it */
  async function send(id: string, body: string): Promise<void> {
    const at = new Date(clock.now());
    const response = await fetch(webhook, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / SECOND)),
        'webhook-signature': new Webhook(secret).sign(id, at, body),
      },
      body,
      signal: AbortSignal.any([ending.signal, AbortSignal.timeout(ANSWER_WITHIN)]),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The webhook answered ${response.status}.`);
  }

  async function deliver(id: string, body: string): Promise<void> {
    for (const pause of [...retries, null]) {
      try {
        return await send(id, body);
      } catch (error) {
        if (ending.signal.aborted) return;
        log.warn({ err: error, message: id, again_in_ms: pause }, 'a payment could not be reported');
        if (pause === null) return;
        await sleep(pause, null, { signal: ending.signal }).catch(() => {});
      }
    }
  }

  return {
    pageOf: () => null,
    report({ id, total, status }, result) {
      if (status !== 'pending' && status !== 'created') return false;
      if (underWay.has(id)) return true;
      // One payment and one message for each purchase and result: a second click tells nothing new.
      const data = { provider: 'local', purchase_id: id, payment_id: `local-${id}` };
      const type = `payment.${result}`;
      const body = JSON.stringify({ type, data: result === 'succeeded' ? { ...data, amount: total } : data });
      const report = deliver(`msg_${result}_${id}`, body).finally(() => underWay.delete(id));
      underWay.set(id, report);
      return true;
    },
    reporting: (id) => underWay.has(id),
    async stop() {
      ending.abort();
      await Promise.all(underWay.values());
    },
  };
}
