// One way out for every order: settle it, and tell its outcome as HTTP does.
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JsonObject, Order } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ApiEnv } from './context.ts';
import { sendProblem } from './problems.ts';

/** Status of a success: fixed, or by what the ledger answered. */
type Status = ContentfulStatusCode | ((answer: JsonObject) => ContentfulStatusCode);

/** Settles an order and answers with the ledger's own words; a replay says so in its header. */
export async function settle(
  c: Context<ApiEnv>,
  ledger: Ledger,
  order: Order,
  status: Status = 200,
  /** How the ledger's answer goes out, when it is not word for word. */
  shape: (answer: JsonObject) => JsonObject = (answer) => answer,
): Promise<Response> {
  const outcome = await ledger.settle(order);
  if (outcome.replayed) c.header('Idempotency-Replayed', 'true');
  if (!outcome.ok) return sendProblem(c, outcome.problem);
  return c.json(shape(outcome.answer), typeof status === 'function' ? status(outcome.answer) : status);
}

/** `{ key }` when there is one: an absent key is absent, never undefined. */
export function keyed(key: string | undefined): { key?: string } {
  return key === undefined ? {} : { key };
}
