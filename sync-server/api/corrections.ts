// Corrections by finance: adjustments and reversals, with a reason and two people behind each.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { formatAmount } from '../../shared/money.ts';
import { type Actor, type Command, Refusal } from '../ledger/command.ts';
import type { Api, ApiContext, ApiEnv } from './context.ts';
import { endpoint } from './endpoint.ts';
import { AccountId, CallerId, SignedAmount, Text } from './fields.ts';
import { claim, propose, type Wish } from './proposals.ts';
import { amount } from './schemas.ts';
import { settle } from './settle.ts';

const REASON = 500;

const Awaiting = z.object({ id: z.string(), status: z.literal('awaiting_approval'), reason: z.string() });
const Decided = z.object({ id: z.string(), reason: z.string(), approver: z.string() });
const Adjusted = z.object({ ...Decided.shape, amount });
const Reversed = z.object({ ...Decided.shape, transfer_id: z.string() });

export function correctionRoutes(api: Api, { ledger, identity, clock }: ApiContext): void {
  /** Settles a wish once a second principal stands behind it; until then says that it waits. */
  async function decide(
    c: Context<ApiEnv>,
    wish: Wish,
    { actor, key, reason }: { actor: Actor; key: string | undefined; reason: string },
    command: (approver: string) => Command,
  ): Promise<Response> {
    if (!(await ledger.credits(wish.account))) throw new Refusal('not_found', 'There is no such account.');
    const { principal } = actor;
    if (key !== undefined) await claim(ledger.database, clock, wish, { principal, key });
    const decided = await propose(ledger.database, clock, wish, principal);
    if (!decided) return c.json({ id: wish.id, status: 'awaiting_approval' as const, reason }, 202);
    // Whoever asks again gets the decision as its proposer made it: the id is its key.
    const proposer = { principal: decided.proposer, scope: 'finance' } as const;
    const order = { account: wish.account, actor: proposer, command: command(decided.approver) };
    return settle(c, ledger, order, 201);
  }

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/finance/adjustments',
      summary: 'Move unrestricted credit in or out; done when a second principal sends the same',
      scope: 'finance',
      key: 'optional',
      body: z.strictObject({
        account_id: AccountId,
        id: CallerId,
        amount: SignedAmount,
        reason: Text(REASON),
      }),
      example: {
        account_id: '01900000-0000-7000-8000-000000000001',
        id: 'fix-1',
        amount: '-3.20',
        reason: 'Charged twice by the provider',
      },
      answers: { 201: Adjusted, 202: Awaiting },
    },
    ({ c, actor, key, body: { account_id, id, amount, reason } }) => {
      const body = JSON.stringify([formatAmount(amount), reason]);
      return decide(
        c,
        { kind: 'adjustment', account: account_id, id, body },
        { actor, key, reason },
        (approver) => ({
          kind: 'adjustment',
          id,
          amount,
          reason,
          approver,
        }),
      );
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/finance/reversals',
      summary: 'Negate one transfer exactly, once; done when a second principal sends the same',
      scope: 'finance',
      key: 'optional',
      body: z.strictObject({
        account_id: AccountId,
        id: CallerId,
        transfer_id: CallerId,
        reason: Text(REASON),
      }),
      example: {
        account_id: '01900000-0000-7000-8000-000000000001',
        id: 'undo-1',
        transfer_id: '01900000-0000-7000-8000-000000000002',
        reason: 'Posted to the wrong account',
      },
      answers: { 201: Reversed, 202: Awaiting },
    },
    ({ c, actor, key, body: { account_id, id, transfer_id, reason } }) => {
      const body = JSON.stringify([transfer_id, reason]);
      return decide(
        c,
        { kind: 'reversal', account: account_id, id, body },
        { actor, key, reason },
        (approver) => ({
          kind: 'reversal',
          id,
          transfer_id,
          reason,
          approver,
        }),
      );
    },
  );
}
