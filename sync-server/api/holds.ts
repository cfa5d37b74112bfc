// Holds of services: money set aside for what an account is about to use, then captured or let go.
import { z } from '@hono/zod-openapi';
import { formatAmount } from '../../shared/money.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { check } from '../../shared/verdict.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { AccountId, Amount, CallerId, Maybe, ServiceName } from './fields.ts';
import { HoldAnswer } from './schemas.ts';
import { mustBeWithinCap, mustServe, servedRecord } from './services.ts';
import { keyed, settle } from './settle.ts';

export function holdRoutes(api: Api, { ledger, identity, rules }: ApiContext): void {
  const params = z.strictObject({ id: CallerId });

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/service/holds',
      summary: 'Set money aside: authorized (201), waiting five minutes for a top-up (202), or refused',
      scope: 'service',
      key: 'optional',
      body: z.strictObject({
        account_id: AccountId,
        id: CallerId,
        amount: Amount,
        service: ServiceName,
        on_insufficient: Maybe(z.enum(['pending', 'fail'])),
        use_allowance: Maybe(z.boolean()),
      }),
      example: {
        account_id: '01900000-0000-7000-8000-000000000001',
        id: 'job-17',
        amount: '12.50',
        service: 'vm',
      },
      answers: { 201: HoldAnswer, 202: HoldAnswer },
    },
    ({ c, caller, actor, key, body: { account_id, ...hold } }) => {
      mustServe(caller, hold.service);
      mustBeWithinCap(caller, hold.amount);
      const command = { kind: 'hold.authorize', ...hold } as const;
      return settle(c, ledger, { account: account_id, actor, command, ...keyed(key) }, (answer) =>
        answer.status === 'pending_payment' ? 202 : 201,
      );
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/service/holds/{id}',
      summary: 'One hold, as it stands now',
      scope: 'service',
      params,
      query: z.strictObject({ account_id: AccountId }),
      answers: { 200: HoldAnswer },
    },
    async ({ c, caller, params: { id }, query: { account_id } }) => {
      // Reading the credits settles what is due, which may have ended the hold.
      const credits = await ledger.credits(account_id);
      const { body } = await servedRecord(ledger.database, caller, account_id, 'hold', id);
      const { status, amount, service, until, captured } = body;
      const base = { id, status, amount: formatAmount(amount), service };
      if (status === 'authorized') return c.json({ ...base, expires_at: toRfc3339(until) });
      if (status === 'captured') {
        return c.json({ ...base, captured: formatAmount(captured), charge_id: `c:${id}` });
      }
      if (status !== 'pending_payment' || !credits) return c.json(base);
      const { shortfall, top_up } = check(credits, amount, service, rules.fee_bps);
      return c.json({ ...base, deadline: toRfc3339(until), shortfall, top_up });
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/service/holds/{id}/capture',
      summary: 'Take at most what is held; the rest is free at once. Makes the charge c:<hold id>',
      scope: 'service',
      key: 'needed',
      params,
      body: z.strictObject({ account_id: AccountId, amount: Amount }),
      example: { account_id: '01900000-0000-7000-8000-000000000001', amount: '7.25' },
      answers: { 200: HoldAnswer },
    },
    async ({ c, caller, actor, key, params: { id }, body: { account_id, amount } }) => {
      mustBeWithinCap(caller, amount);
      await servedRecord(ledger.database, caller, account_id, 'hold', id);
      const command = { kind: 'hold.capture', id, amount } as const;
      return settle(c, ledger, { account: account_id, actor, command, ...keyed(key) });
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/service/holds/{id}/void',
      summary: 'Let a hold go; nothing was used',
      scope: 'service',
      key: 'needed',
      params,
      body: z.strictObject({ account_id: AccountId }),
      example: { account_id: '01900000-0000-7000-8000-000000000001' },
      answers: { 200: HoldAnswer },
    },
    async ({ c, caller, actor, key, params: { id }, body: { account_id } }) => {
      await servedRecord(ledger.database, caller, account_id, 'hold', id);
      return settle(c, ledger, {
        account: account_id,
        actor,
        command: { kind: 'hold.void', id },
        ...keyed(key),
      });
    },
  );
}
