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
  const period = Math.floor((start + act.at) / rule.period_ms) * rule.period_ms - start;
  if (at >= period && at < period + rule.period_ms) account.until = period + rule.period_ms;
  account.uses.set(act.id, { model: act.model, exact, cost, quota, pool });
  const charged = cost - quota;
  if (charged > 0n) {
    account.spend(at, { id: `u:${act.id}`, amount: charged, service: 'inference', refunded: 0n });
  }
  return { cost: words(cost), quota: words(quota), charged: words(charged) };
}

/** A plan that gives at least as much in the same time begins at once, a smaller one when the period ends. */
export function choosePlan(account: ModelAccount, at: number, start: number, { plan }: ActOf<'plan'>): Facts {
  check(account.state !== 'closed', 'account_closed');
  const wanted = DEFAULT_RULES.plans[plan];
  const running = DEFAULT_RULES.plans[account.plan];
  check(
    Object.hasOwn(DEFAULT_RULES.plans, plan) && wanted !== undefined && running !== undefined,
    'invalid_request',
  );
  if (plan === account.plan) account.next = null;
  else if (wanted.allowance * BigInt(running.period_ms) >= running.allowance * BigInt(wanted.period_ms)) {
    account.plan = plan;
    account.next = null;
    const index = Math.floor((start + at) / wanted.period_ms);
    const seen = [...account.uses.values()].some(({ pool }) => pool === `${plan} ${index}`);
    account.until = seen ? (index + 1) * wanted.period_ms - start : null;
  } else if (account.next?.plan !== plan) {
    const { period_ms } = running;
    account.next = { plan, at: (Math.floor((start + at) / period_ms) + 1) * period_ms - start };
  }
  return {};
}
