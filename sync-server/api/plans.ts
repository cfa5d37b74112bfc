// Plans of IO Intelligence: what there is, what an account has, and choosing another one.
import { z } from '@hono/zod-openapi';
import { formatAmount } from '../../shared/money.ts';
import { CYCLES } from '../../shared/plan.ts';
import { Refusal } from '../ledger/command.ts';
import { planOf } from '../ledger/plans.ts';
import { cycleOf } from '../ledger/quota.ts';
import { viewOf } from '../ledger/read-view.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint, openEndpoint } from './endpoint.ts';
import { Text } from './fields.ts';
import { PageAnswer } from './pages.ts';
import { amount, instant } from './schemas.ts';
import { keyed, settle } from './settle.ts';

export const PlanOffer = z
  .object({
    plan: z.string(),
    title: z.string(),
    cycle: z.enum(CYCLES),
    /** What the pool gives in each period. */
    allowance: amount,
    monthly_credits: amount.nullable(),
    discount_percent: z.number(),
    features: z.array(z.string()),
  })
  .openapi('PlanOffer');

const PlanAnswer = z
  .object({
    plan: z.string(),
    title: z.string(),
    next: z.string().nullable(),
    next_at: instant.nullable(),
    cycle: z.enum(CYCLES),
    allowance: amount,
    used: amount,
    start: instant,
    end: instant,
    models: z.array(
      z.object({
        model: z.string(),
        input_tokens: z.number(),
        output_tokens: z.number(),
        cost: amount,
        quota: amount,
        charged: amount,
      }),
    ),
  })
  .openapi('Plan');

/** The plans on offer, as a comparison shows them. */
export function offers({ plans }: ApiContext['rules']): z.infer<typeof PlanOffer>[] {
  return Object.entries(plans).map(([plan, rule]) => ({
    plan,
    title: rule.title ?? plan,
    cycle: cycleOf(rule),
    allowance: formatAmount(rule.allowance),
    monthly_credits: rule.monthly === undefined ? null : formatAmount(rule.monthly),
    discount_percent: (rule.discount_bps ?? 0) / 100,
    features: [...(rule.features ?? [])],
  }));
}

export function planRoutes(api: Api, { ledger, identity, rules, clock }: ApiContext): void {
  openEndpoint(
    api,
    {
      method: 'get',
      path: '/plans',
      summary: 'The plans on offer',
      scope: null,
      answers: { 200: PageAnswer(PlanOffer) },
    },
    ({ c }) => c.json({ items: offers(rules), next_cursor: null }),
  );

  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/plan',
      summary: 'The account’s plan, what its pool has given in this period, and to which models',
      scope: 'account',
      answers: { 200: PlanAnswer },
    },
    async ({ c, account }) => {
      await ledger.credits(account);
      const view = await viewOf(ledger.database, account, { now: clock.now(), rules });
      if (!view) throw new Refusal('not_found', 'There is no such account.');
      return c.json(planOf(view));
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'put',
      path: '/plan',
      summary: 'Choose a plan: a larger one begins at once, a smaller one when this period ends',
      scope: 'account',
      key: 'needed',
      body: z.strictObject({ plan: Text(64) }),
      example: { plan: 'professional' },
      answers: { 200: PlanAnswer },
    },
    ({ c, actor, account, key, body }) =>
      settle(c, ledger, { account, actor, command: { kind: 'plan.choose', ...body }, ...keyed(key) }),
  );
}
