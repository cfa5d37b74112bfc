// Paying credit out, as its owner asks for it. What finance does with a request stands in finance-withdrawals.ts.
import { z } from '@hono/zod-openapi';
import { Refusal } from '../ledger/command.ts';
import { findRecord, listWithdrawals } from '../ledger/lookups.ts';
import type { RecordOf } from '../ledger/records.ts';
import { shown } from '../ledger/withdrawals.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { Amount, CallerId, Paging, WalletAddress } from './fields.ts';
import { PageAnswer, pageOf } from './pages.ts';
import { WithdrawalAnswer } from './schemas.ts';
import { keyed, settle } from './settle.ts';

/** A withdrawal as HTTP answers it: as in the book, with who approved it so far. */
export function withdrawalAnswer(record: RecordOf<'withdrawal'>): z.infer<typeof WithdrawalAnswer> {
  return { ...shown(record), approvals: record.body.approvals };
}

export function withdrawalRoutes(api: Api, { ledger, identity }: ApiContext): void {
  const { database } = ledger;
  const byId = z.strictObject({ id: CallerId });

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/credits/withdrawals',
      summary: 'Ask for credit to be paid out; the amount is reserved at once',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({ amount: Amount, wallet_address: WalletAddress }),
      example: { amount: '40', wallet_address: 'So11111111111111111111111111111111111111112' },
      answers: { 201: WithdrawalAnswer },
    },
    ({ c, actor, account, key, body }) =>
      settle(
        c,
        ledger,
        { account, actor, command: { kind: 'withdrawal.request', ...body }, ...keyed(key) },
        201,
      ),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/withdrawals',
      summary: 'The account’s withdrawals, newest first',
      scope: 'account',
      query: z.strictObject(Paging),
      answers: { 200: PageAnswer(WithdrawalAnswer) },
    },
    async ({ c, account, query: { cursor, limit } }) => {
      const before = cursor === undefined ? {} : { before: cursor };
      const found = await listWithdrawals(database, { account, ...before, limit: limit + 1 });
      const items = found.map(({ record }) => withdrawalAnswer(record));
      return c.json(pageOf(items, limit));
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/withdrawals/{id}',
      summary: 'One withdrawal',
      scope: 'account',
      params: byId,
      answers: { 200: WithdrawalAnswer },
    },
    async ({ c, account, params }) => {
      const record = await findRecord(database, account, 'withdrawal', params.id);
      if (!record) throw new Refusal('withdrawal_not_found', 'There is no such withdrawal.');
      return c.json(withdrawalAnswer(record));
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'delete',
      path: '/credits/withdrawals/{id}',
      summary: 'Take a request back before it is approved',
      scope: 'account',
      key: 'needed',
      params: byId,
      answers: { 200: WithdrawalAnswer },
    },
    ({ c, actor, account, key, params }) =>
      settle(c, ledger, {
        account,
        actor,
        command: { kind: 'withdrawal.cancel', id: params.id },
        ...keyed(key),
      }),
  );
}
