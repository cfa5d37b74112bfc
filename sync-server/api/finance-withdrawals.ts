// Withdrawals as finance sees and decides them. How an owner asks for one stands in withdrawals.ts.
import { z } from '@hono/zod-openapi';
import { WITHDRAWAL_STATES } from '../../shared/account.ts';
import { type Command, Refusal } from '../ledger/command.ts';
import { accountOf, listWithdrawals } from '../ledger/lookups.ts';
import type { Database } from '../ledger/storage/database.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { CallerId, HttpsUrl, Paging, Text } from './fields.ts';
import { PageAnswer, pageOf } from './pages.ts';
import { WithdrawalAnswer } from './schemas.ts';
import { keyed, settle } from './settle.ts';
import { withdrawalAnswer } from './withdrawals.ts';

const OPEN_STATES = new Set<string>(['requested', 'in_review', 'approved', 'processing']);

const FinanceWithdrawal = z
  .object({ ...WithdrawalAnswer.shape, account_id: z.string(), flags: z.array(z.string()) })
  .openapi('FinanceWithdrawal');

export type FinanceWithdrawalAnswer = z.infer<typeof FinanceWithdrawal>;

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

export function financeWithdrawalRoutes(api: Api, { ledger, identity }: ApiContext): void {
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
}
