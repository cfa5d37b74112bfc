// What an account has, and buying more of it.
import { z } from '@hono/zod-openapi';
import { PAY_METHODS } from '../../shared/fees.ts';
import { check } from '../../shared/verdict.ts';
import { Refusal } from '../ledger/command.ts';
import { listRecords } from '../ledger/lookups.ts';
import { shown as shownPurchase } from '../ledger/purchases.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { Amount, AmountOrZero, CallerId, Paging, ServiceName } from './fields.ts';
import { PageAnswer, pageOf } from './pages.ts';
import { CheckAnswer, CreditsAnswer, PurchaseAnswer } from './schemas.ts';
import { keyed, settle } from './settle.ts';

export function creditRoutes(api: Api, { ledger, identity, rules }: ApiContext): void {
  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits',
      summary: 'The account’s credits, true at this instant',
      scope: 'account',
      answers: { 200: CreditsAnswer },
    },
    async ({ c, account }) => {
      const credits = await ledger.credits(account);
      if (!credits) throw new Refusal('not_found', 'There is no such account.');
      return c.json(credits);
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/check',
      summary: 'Whether an amount would be approved now; it reserves nothing',
      scope: 'account',
      query: z.strictObject({ amount: AmountOrZero, service: ServiceName.optional() }),
      answers: { 200: CheckAnswer },
    },
    async ({ c, account, query }) => {
      const credits = await ledger.credits(account);
      if (!credits) throw new Refusal('not_found', 'There is no such account.');
      return c.json(check(credits, query.amount, query.service, rules.fee_bps));
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/credits/purchases',
      summary: 'Start a purchase; it is credited once the provider reports its payment',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({ amount: Amount, method: z.enum(PAY_METHODS) }),
      example: { amount: '100', method: 'usdc' },
      answers: { 201: PurchaseAnswer },
    },
    ({ c, actor, account, key, body }) =>
      settle(c, ledger, { account, actor, command: { kind: 'purchase.start', ...body }, ...keyed(key) }, 201),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/purchases',
      summary: 'The account’s purchases, newest first; `open=true`: those that wait for their payment',
      scope: 'account',
      query: z.strictObject({ ...Paging, open: z.literal('true').optional() }),
      answers: { 200: PageAnswer(PurchaseAnswer) },
    },
    async ({ c, account, query: { cursor, limit, open } }) => {
      const place = {
        ...(cursor !== undefined && { before: cursor }),
        open: open === 'true',
        limit: limit + 1,
      };
      const found = await listRecords(ledger.database, account, 'purchase', place);
      return c.json(pageOf(found.map(shownPurchase), limit));
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/credits/purchases/{id}',
      summary: 'One purchase',
      scope: 'account',
      params: z.strictObject({ id: CallerId }),
      answers: { 200: PurchaseAnswer },
    },
    async ({ c, account, params }) => {
      const purchase = await ledger.purchase(account, params.id);
      if (!purchase) throw new Refusal('not_found', 'There is no such purchase.');
      return c.json(purchase);
    },
  );
}
