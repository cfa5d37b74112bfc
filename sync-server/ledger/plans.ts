// An account's plan of IO Intelligence: what it chose, what its pool of this period has given, and what begins later.
import { formatAmount, type Micros } from '../../shared/money.ts';
import { MAX_MODELS, type ModelUsage, OTHER_MODELS, type Plan } from '../../shared/plan.ts';
import { DAY, type Ms, toRfc3339 } from '../../shared/time.ts';
import { type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { mustNotBeClosed } from './guards.ts';
import { notify } from './notices.ts';
import { personOf } from './person-view.ts';
import { keepPerson } from './person.ts';
import { cycleOf, isUpgrade, periodOf, share } from './quota.ts';
import type { ModelUse, QuotaBody } from './records.ts';
import type { PlanRule } from './rules.ts';
import type { View } from './view.ts';

/** Use may be reported this late. */
export const LATEST: Ms = 7 * DAY;

const NO_PLAN: PlanRule = { allowance: 0n, period_ms: DAY };

function ruleOf(view: View, plan = view.facts.plan): PlanRule {
  return view.rules.plans[plan] ?? NO_PLAN;
}

/** What the period of an instant has seen so far. */
function poolOf(view: View, at: Ms): { id: string; body: QuotaBody } {
  const { plan } = view.facts;
  const { start, end } = periodOf(ruleOf(view), at);
  const id = `${plan}:${start}`;
  return { id, body: view.find('quota', id)?.body ?? { plan, start, end, used: 0n, models: [] } };
}

const byCost = (a: ModelUse, b: ModelUse) => (a.cost === b.cost ? 0 : a.cost > b.cost ? -1 : 1);

function shownUse(use: ModelUse): ModelUsage {
  const { cost, quota, charged } = use;
  const text = (micros: Micros) => formatAmount(micros);
  return { ...use, cost: text(cost), quota: text(quota), charged: text(charged) };
}

/** The plan section, true now. */
export function planOf(view: View): Plan {
  const { plan } = view.facts;
  const rule = ruleOf(view);
  const { body } = poolOf(view, view.now);
  const { next, at } = personOf(view).plan;
  return {
    plan,
    title: rule.title ?? plan,
    next,
    next_at: at === null ? null : toRfc3339(at),
    cycle: cycleOf(rule),
    allowance: formatAmount(rule.allowance),
    used: formatAmount(body.used),
    start: toRfc3339(body.start),
    end: toRfc3339(body.end),
    models: body.models.toSorted(byCost).map(shownUse),
  };
}

/** Percent of this period's pool that is used, over 100 with what was charged beyond it; null for a plan without one. */
export function planShare(view: View): number | null {
  const { allowance } = ruleOf(view);
  if (allowance === 0n) return null;
  const { used, models } = poolOf(view, view.now).body;
  const all = models.reduce((sum, { charged }) => sum + charged, used);
  return Number((all * 10_000n) / allowance) / 100;
}

/** When the running period ends. */
export function periodEnd(view: View): Ms {
  return periodOf(ruleOf(view), view.now).end;
}

function added(models: readonly ModelUse[], use: ModelUse): ModelUse[] {
  const isKnown = models.some(({ model }) => model === use.model);
  const model = isKnown || models.length < MAX_MODELS ? use.model : OTHER_MODELS;
  const before = models.find((one) => one.model === model);
  const sum: ModelUse = {
    model,
    input_tokens: (before?.input_tokens ?? 0) + use.input_tokens,
    output_tokens: (before?.output_tokens ?? 0) + use.output_tokens,
    cost: (before?.cost ?? 0n) + use.cost,
    quota: (before?.quota ?? 0n) + use.quota,
    charged: (before?.charged ?? 0n) + use.charged,
  };
  return before ? models.map((one) => (one === before ? sum : one)) : [...models, sum];
}

/**
 * Takes a cost out of the pool of the period that `at` falls into; what is over is to be charged. Periods that no
 * report can reach any more are closed.
 */
export function takeQuota(
  draft: Draft,
  use: Pick<ModelUse, 'model' | 'input_tokens' | 'output_tokens' | 'cost'>,
  at: Ms,
): { quota: Micros; over: Micros } {
  const rule = ruleOf(draft);
  const { id, body } = poolOf(draft, at);
  const { quota, over } = share(rule, body.used, use.cost);
  for (const old of draft.open('quota')) {
    if (old.body.end + LATEST < draft.now) draft.put({ ...old, open: false });
  }
  const models = added(body.models, { ...use, quota, charged: over });
  const used = body.used + quota;
  draft.put({ kind: 'quota', id, open: true, links: [], body: { ...body, used, models } });
  return { quota, over };
}

/** Shows the pool after use that began at an instant, when it is this period's; `quota` is what was just taken. */
export function showPool(draft: Draft, at: Ms, quota: Micros): void {
  const { body } = poolOf(draft, at);
  if (draft.now < body.start || draft.now >= body.end) return;
  const { plan } = personOf(draft);
  if (plan.until !== body.end) keepPerson(draft, { plan: { ...plan, until: body.end } });
  draft.show({ plan: planOf(draft) });
  if (quota > 0n && body.used >= ruleOf(draft).allowance) {
    notify(draft, 'plan_exhausted', null, { plan: body.plan, resets_at: toRfc3339(body.end) });
  }
}

/**
 * `plan.choose`: a plan that gives at least as much begins at once, with a pool of its own; a smaller one when this
 * period ends. Choosing the running one takes a smaller one back. Answers the plan section.
 */
export function choosePlan(draft: Draft, { plan }: Extract<Command, { kind: 'plan.choose' }>): JsonObject {
  mustNotBeClosed(draft);
  if (!Object.hasOwn(draft.rules.plans, plan)) throw new Refusal('invalid_request', 'There is no such plan.');
  const before = personOf(draft).plan;
  const isRunning = draft.facts.plan === plan;
  if (isRunning ? before.next === null : before.next === plan) return planOf(draft);
  if (!isRunning && isUpgrade(ruleOf(draft), ruleOf(draft, plan))) {
    draft.noteFacts({ plan });
    // The pool of the new plan may have given something before.
    const { body } = poolOf(draft, draft.now);
    keepPerson(draft, { plan: { next: null, at: null, until: body.models.length > 0 ? body.end : null } });
  } else if (isRunning) keepPerson(draft, { plan: { ...before, next: null, at: null } });
  else keepPerson(draft, { plan: { ...before, next: plan, at: periodEnd(draft) } });
  draft.show({ plan: planOf(draft) });
  draft.flush();
  return planOf(draft);
}

/** A period has ended. */
export function turnPeriod(draft: Draft): void {
  const { next, at } = personOf(draft).plan;
  if (next !== null && at !== null && at <= draft.now) draft.noteFacts({ plan: next });
  keepPerson(draft, { plan: { next: null, at: null, until: null } });
  draft.show({ plan: planOf(draft) });
}
