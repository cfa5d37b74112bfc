// What waits for finance: withdrawals by their clock, payments in suspense and their match, accounts below their floor.
import { z } from '@hono/zod-openapi';
import { formatAmount } from '../../shared/money.ts';
import { type Ms, toRfc3339 } from '../../shared/time.ts';
import { Refusal } from '../ledger/command.ts';
import { ATTENTION, attentionOf } from '../ledger/attention.ts';
import { accountOf, listSuspense } from '../ledger/lookups.ts';
import type { Database } from '../ledger/storage/database.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { CallerId, Paging } from './fields.ts';
import { PageAnswer, pageOf } from './pages.ts';
import { amount, instant, PurchaseAnswer } from './schemas.ts';
import { keyed, settle } from './settle.ts';

const Suspense = z
  .object({
    id: z.string(),
    account_id: z.string(),
    status: z.enum(['open', 'matched']),
    amount,
    purchase_id: z.string(),
    provider: z.string(),
    payment_id: z.string(),
    received_at: instant,
  })
  .openapi('Suspense');
export type SuspenseAnswer = z.infer<typeof Suspense>;

/** Payments in suspense, newest first: those that wait, or those that were matched. */
export async function suspensePayments(
  database: Database,
  { status, cursor, limit }: { status: SuspenseAnswer['status']; cursor?: string | undefined; limit: number },
): Promise<SuspenseAnswer[]> {
  const open = status === 'open';
  const from = cursor === undefined ? {} : { before: cursor };
  const listed = await listSuspense(database, { open, ...from, limit });
  return listed.map(({ account, record: { id, body } }) => ({
    id,
    account_id: account,
    status,
    amount: formatAmount(body.amount),
    purchase_id: body.purchase,
    provider: body.provider,
    payment_id: body.payment,
    received_at: toRfc3339(body.at),
  }));
}

const AttentionItem = z
  .object({
    reason: z.enum(ATTENTION),
    account_id: z.string(),
    id: z.string(),
    since: instant.nullable(),
    amount: amount.nullable(),
  })
  .openapi('Attention');
export type AttentionAnswer = z.infer<typeof AttentionItem>;

/** What waits for finance now, longest first; `forced` accounts last, by id. */
export async function financeAttention(database: Database, now: Ms): Promise<AttentionAnswer[]> {
  const found = await attentionOf(database, now);
  return found.map(({ reason, account, id, since, amount: micros }) => ({
    reason,
    account_id: account,
    id,
    since: since === null ? null : toRfc3339(since),
    amount: micros === null ? null : formatAmount(micros),
  }));
}

export function financeAttentionRoutes(api: Api, { ledger, identity, clock }: ApiContext): void {
  const { database } = ledger;

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/finance/attention',
      summary: 'What waits for finance: withdrawals, payments in suspense, accounts below their floor',
      scope: 'finance',
      answers: { 200: PageAnswer(AttentionItem) },
    },
    async ({ c }) => c.json({ items: await financeAttention(database, clock.now()), next_cursor: null }),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/finance/suspense',
      summary: 'Payments that match no open purchase, newest first',
      scope: 'finance',
      query: z.strictObject({ ...Paging, status: z.enum(['open', 'matched']).default('open') }),
      answers: { 200: PageAnswer(Suspense) },
    },
    async ({ c, query: { status, cursor, limit } }) =>
      c.json(pageOf(await suspensePayments(database, { status, cursor, limit: limit + 1 }), limit)),
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/finance/suspense/{id}/match',
      summary: 'Money in suspense is this account’s after all',
      scope: 'finance',
      key: 'needed',
      params: z.strictObject({ id: CallerId }),
      answers: {
        200: z.object({ suspense_id: z.string(), status: z.string(), purchase: PurchaseAnswer.optional() }),
      },
    },
    async ({ c, actor, key, params: { id } }) => {
      const account = await accountOf(database, 'suspense', id);
      if (account === null) throw new Refusal('not_found', 'There is no such payment in suspense.');
      const command = { kind: 'suspense.match', suspense_id: id } as const;
      return settle(c, ledger, { account, actor, command, ...keyed(key) });
    },
  );
}
