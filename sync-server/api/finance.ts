// What finance decides alone: withdrawals, grants, disputes, money in suspense, what an account may.
import { z } from '@hono/zod-openapi';
import { WITHDRAWAL_STATES } from '../../shared/account.ts';
import { formatAmount } from '../../shared/money.ts';
import { type Ms, toRfc3339 } from '../../shared/time.ts';
import { type Command, Refusal } from '../ledger/command.ts';
import { ATTENTION, attentionOf } from '../ledger/attention.ts';
import { accountOf, listSuspense, listWithdrawals } from '../ledger/lookups.ts';
import type { Database } from '../ledger/storage/database.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import {
  AccountId,
  Amount,
  AmountOrZero,
  CallerId,
  HttpsUrl,
  Instant,
  Maybe,
  Paging,
  ServiceName,
  Text,
} from './fields.ts';
import { PageAnswer, pageOf } from './pages.ts';
import { amount, GrantAnswer, instant, PurchaseAnswer, WithdrawalAnswer } from './schemas.ts';
import { keyed, settle } from './settle.ts';
import { withdrawalAnswer } from './withdrawals.ts';

const OPEN_STATES = new Set<string>(['requested', 'in_review', 'approved', 'processing']);

const FinanceWithdrawal = z
  .object({ ...WithdrawalAnswer.shape, account_id: z.string(), flags: z.array(z.string()) })
  .openapi('FinanceWithdrawal');

export type FinanceWithdrawalAnswer = z.infer<typeof FinanceWithdrawal>;

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

export interface WantedWithdrawals {
  status?: string | undefined;
  /** Only what still waits for somebody. */
  open?: boolean;
  /** Id of the last one already seen. */
  cursor?: string | undefined;
  limit: number;
}

/** Withdrawals of all accounts, newest first, as wanted: reads on until there are enough or nothing is left. */
export async function financeWithdrawals(
  database: Database,
  { status, open, cursor, limit }: WantedWithdrawals,
): Promise<FinanceWithdrawalAnswer[]> {
  const found: FinanceWithdrawalAnswer[] = [];
  const only = open ?? (status === undefined ? undefined : OPEN_STATES.has(status));
  let before = cursor;
  while (found.length < limit) {
    const from = before === undefined ? {} : { before };
    const listed = await listWithdrawals(database, {
      ...(only === undefined ? {} : { open: only }),
      ...from,
      limit,
    });
    for (const { account, record } of listed) {
      if (status === undefined || record.body.status === status) {
        found.push({ ...withdrawalAnswer(record), account_id: account, flags: record.body.flags });
      }
    }
    before = listed.at(-1)?.record.id;
    if (listed.length < limit) break;
  }
  return found;
}

export function financeRoutes(api: Api, { ledger, identity, clock }: ApiContext): void {
  const { database } = ledger;
  const params = z.strictObject({ id: CallerId });

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/finance/withdrawals',
      summary: 'Withdrawals of all accounts, newest first',
      scope: 'finance',
      query: z.strictObject({ ...Paging, status: z.enum(WITHDRAWAL_STATES).optional() }),
      answers: { 200: PageAnswer(FinanceWithdrawal) },
    },
    async ({ c, query: { status, cursor, limit } }) =>
      c.json(pageOf(await financeWithdrawals(database, { status, cursor, limit: limit + 1 }), limit)),
  );

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

  /** One step of a withdrawal: its words, its body, the command it stands for. */
  function step<B extends z.ZodType>(
    name: string,
    summary: string,
    body: B,
    command: (id: string, body: z.output<B>) => Command,
    example?: z.input<B>,
  ) {
    endpoint(
      api,
      identity,
      {
        method: 'post',
        path: `/finance/withdrawals/{id}/${name}`,
        summary,
        scope: 'finance',
        key: 'needed',
        params,
        body,
        example,
        answers: { 200: WithdrawalAnswer },
      },
      async ({ c, actor, key, params: { id }, body }) => {
        const account = await accountOf(database, 'withdrawal', id);
        if (account === null) throw new Refusal('withdrawal_not_found', 'There is no such withdrawal.');
        return settle(c, ledger, { account, actor, command: command(id, body), ...keyed(key) });
      },
    );
  }
  const nothing = z.strictObject({}).optional();
  step('approve', 'Approve; from 1000 up a second principal must, too', nothing, (id) => ({
    kind: 'withdrawal.approve',
    id,
  }));
  step(
    'reject',
    'Reject; the money returns',
    z.strictObject({ reason: Text(500) }),
    (id, { reason }) => ({
      kind: 'withdrawal.reject',
      id,
      reason,
    }),
    { reason: 'The wallet is not yours' },
  );
  step('send', 'The payout is on its way', nothing, (id) => ({ kind: 'withdrawal.send', id }));
  step(
    'paid',
    'The payout has arrived',
    z.strictObject({ tx_url: HttpsUrl }),
    (id, { tx_url }) => ({
      kind: 'withdrawal.paid',
      id,
      tx_url,
    }),
    { tx_url: 'https://explorer.example/tx/1' },
  );
  step('fail', 'The payout bounced; the money returns', nothing, (id) => ({ kind: 'withdrawal.fail', id }));

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/finance/grants',
      summary: 'Give credit: promo, goodwill or a BD grant; never withdrawable',
      scope: 'finance',
      key: 'optional',
      body: z.strictObject({
        account_id: AccountId,
        id: CallerId,
        amount: Amount,
        source: z.enum(['promo', 'goodwill', 'bd_grant']),
        expires_at: Maybe(Instant),
        services: Maybe(z.array(ServiceName).min(1).max(6)),
        priority: Maybe(z.number().int().min(0).max(100)),
      }),
      example: {
        account_id: '01900000-0000-7000-8000-000000000001',
        id: 'welcome-1',
        amount: '25',
        source: 'promo',
        expires_at: '2027-01-01T00:00:00.000Z',
      },
      answers: { 201: GrantAnswer },
    },
    ({ c, actor, key, body: { account_id, ...grant } }) =>
      settle(
        c,
        ledger,
        { account: account_id, actor, command: { kind: 'grant', ...grant }, ...keyed(key) },
        201,
      ),
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/finance/purchases/{id}/dispute',
      summary: 'A settled purchase was charged back',
      scope: 'finance',
      key: 'needed',
      params,
      answers: { 200: z.object({ id: z.string(), status: z.string() }) },
    },
    async ({ c, actor, key, params: { id } }) => {
      const account = await ledger.accountOfPurchase(id);
      if (account === null) throw new Refusal('not_found', 'There is no such purchase.');
      const command = { kind: 'purchase.dispute', purchase_id: id } as const;
      return settle(c, ledger, { account, actor, command, ...keyed(key) });
    },
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
      params,
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

  endpoint(
    api,
    identity,
    {
      method: 'patch',
      path: '/finance/accounts/{id}',
      summary: 'Set an account’s allowance or state',
      scope: 'finance',
      key: 'needed',
      params,
      body: z
        .strictObject({
          allowance: Maybe(AmountOrZero),
          state: Maybe(z.enum(['active', 'closed'])),
        })
        .refine((patch) => Object.keys(patch).length > 0, 'name what to set'),
      example: { allowance: '20' },
      answers: { 200: z.object({ id: z.string(), state: z.string() }) },
    },
    ({ c, actor, key, params: { id }, body }) =>
      settle(c, ledger, { account: id, actor, command: { kind: 'account.patch', ...body }, ...keyed(key) }),
  );
}
