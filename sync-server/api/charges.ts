// Charges of services for what was used, and refunds of them.
import { z } from '@hono/zod-openapi';
import { formatAmount } from '../../shared/money.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { AccountId, Amount, CallerId, Maybe, ServiceName } from './fields.ts';
import { ChargeAnswer, RefundAnswer } from './schemas.ts';
import { mustBeAllowedToForce, mustBeWithinCap, mustServe, servedRecord } from './services.ts';
import { keyed, settle } from './settle.ts';

export function chargeRoutes(api: Api, { ledger, identity }: ApiContext): void {
  const params = z.strictObject({ id: CallerId });

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/service/charges',
      summary: 'Charge for use, whole or not at all; force is for use that already happened',
      scope: 'service',
      key: 'optional',
      body: z.strictObject({
        account_id: AccountId,
        id: CallerId,
        amount: Amount,
        service: ServiceName,
        force: Maybe(z.boolean()),
      }),
      example: {
        account_id: '01900000-0000-7000-8000-000000000001',
        id: 'run-17',
        amount: '2.49',
        service: 'ray',
      },
      answers: { 201: ChargeAnswer },
    },
    ({ c, caller, actor, key, body: { account_id, ...charge } }) => {
      mustServe(caller, charge.service);
      mustBeWithinCap(caller, charge.amount);
      if (charge.force) mustBeAllowedToForce(caller);
      return settle(
        c,
        ledger,
        { account: account_id, actor, command: { kind: 'charge', ...charge }, ...keyed(key) },
        201,
      );
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/service/charges/{id}',
      summary: 'One charge, with what was refunded of it',
      scope: 'service',
      params,
      query: z.strictObject({ account_id: AccountId }),
      answers: { 200: ChargeAnswer },
    },
    async ({ c, caller, params: { id }, query: { account_id } }) => {
      const { body } = await servedRecord(ledger.database, caller, account_id, 'charge', id);
      const { amount, service, refunded } = body;
      return c.json({
        id,
        amount: formatAmount(amount),
        service,
        status: 'charged',
        refunded: formatAmount(refunded),
      });
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/service/charges/{id}/refunds',
      summary: 'Give part or all of a charge back to where it came from',
      scope: 'service',
      key: 'optional',
      params,
      body: z.strictObject({ account_id: AccountId, id: CallerId, amount: Amount }),
      example: { account_id: '01900000-0000-7000-8000-000000000001', id: 'back-17', amount: '1' },
      answers: { 201: RefundAnswer },
    },
    async ({ c, caller, actor, key, params, body: { account_id, id, amount } }) => {
      mustBeWithinCap(caller, amount);
      await servedRecord(ledger.database, caller, account_id, 'charge', params.id);
      const command = { kind: 'charge.refund', charge_id: params.id, id, amount } as const;
      return settle(c, ledger, { account: account_id, actor, command, ...keyed(key) }, 201);
    },
  );
}
