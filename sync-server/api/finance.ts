// What finance decides alone: grants, disputes, what an account may. Withdrawals, and what waits, stand in files of their own.
import { z } from '@hono/zod-openapi';
import { Refusal } from '../ledger/command.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { AccountId, Amount, AmountOrZero, CallerId, Instant, Maybe, ServiceName } from './fields.ts';
import { GrantAnswer } from './schemas.ts';
import { keyed, settle } from './settle.ts';

export function financeRoutes(api: Api, { ledger, identity }: ApiContext): void {
  const params = z.strictObject({ id: CallerId });

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
