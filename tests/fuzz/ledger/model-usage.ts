// Inference in the model: exact cost, floored cumulatively (M6), a plan's pool first, the rest charged whatever the
// balance (rules.md section 11; contract.md: usage has happened, so it always posts).
import { DEFAULT_RULES } from '../../../sync-server/ledger/rules.ts';
import type { ModelAccount } from './model-account.ts';
import { type ActOf, check, type Facts, words } from './model-guard.ts';
import { PRICES } from './terms.ts';

const MILLION = 1_000_000n;
const DAY = 86_400_000;

export function use(account: ModelAccount, at: number, start: number, act: ActOf<'use'>): Facts {
  check(account.state !== 'closed', 'account_closed');
  check(act.at >= at - 7 * DAY && act.at <= at + 60_000, 'invalid_request');
  const price = PRICES[act.model];
  const exact = BigInt(act.input) * price.input + BigInt(act.output) * price.output;
  const before = [...account.uses.values()].filter((use) => use.model === act.model);
  const total = before.reduce((sum, use) => sum + use.exact, exact);
  const cost = total / MILLION - before.reduce((sum, use) => sum + use.cost, 0n);
  check(cost <= MILLION * MILLION, 'amount_too_large');
  const rule = DEFAULT_RULES.plans[account.plan] ?? { allowance: 0n, period_ms: DAY };
  // Periods count from 1970 UTC, a script from its own start.
  const pool = `${account.plan} ${Math.floor((start + act.at) / rule.period_ms)}`;
  const used = [...account.uses.values()].reduce(
    (sum, use) => (use.pool === pool ? sum + use.quota : sum),
    0n,
  );
  const left = rule.allowance > used ? rule.allowance - used : 0n;
  const quota = cost < left ? cost : left;
  account.uses.set(act.id, { model: act.model, exact, cost, quota, pool });
  const charged = cost - quota;
  if (charged > 0n) {
    account.spend(at, { id: `u:${act.id}`, amount: charged, service: 'inference', refunded: 0n });
  }
  return { cost: words(cost), quota: words(quota), charged: words(charged) };
}

export function choosePlan(account: ModelAccount, { plan }: ActOf<'plan'>): Facts {
  check(account.state !== 'closed', 'account_closed');
  check(Object.hasOwn(DEFAULT_RULES.plans, plan), 'invalid_request');
  account.plan = plan;
  return {};
}
