// Inference that has already happened: it always posts, quota first, the rest as a charge (rules.md section 11).
import { formatAmount, MAX_AMOUNT } from '../../shared/money.ts';
import { DAY, MINUTE } from '../../shared/time.ts';
import { postCharge } from './charges.ts';
import { type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { mustBeSame, mustNotBeClosed } from './guards.ts';
import { carry } from './metering.ts';
import { periodOf, share } from './quota.ts';
import type { RecordOf, UsageBody } from './records.ts';
import type { PlanRule } from './rules.ts';
import type { View } from './view.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Use may be reported this late, and this far ahead of our clock. */
const LATEST = 7 * DAY;
const AHEAD = MINUTE;
/** Prices are per this many tokens. */
const PER = 1_000_000n;

const NO_PLAN: PlanRule = { allowance: 0n, period_ms: DAY };

function planOf(view: View): PlanRule {
  return view.rules.plans[view.facts.plan] ?? NO_PLAN;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

function shown({ id, body }: RecordOf<'usage'>): JsonObject {
  return {
    id,
    cost: formatAmount(body.cost),
    quota: formatAmount(body.quota),
    charged: formatAmount(body.charged),
  };
}

/** `usage`: one account's, model's and batch's tokens. Answers its cost, and what quota and credits paid of it. */
export function usage(draft: Draft, command: Of<'usage'>): JsonObject {
  const { id, model, input_tokens, output_tokens, rate, at } = command;
  const known = draft.find('usage', id);
  if (known) {
    const { body } = known;
    const counts = body.input_tokens === input_tokens && body.output_tokens === output_tokens;
    mustBeSame(counts && body.model === model && body.at === at, id);
    return shown(known);
  }
  mustNotBeClosed(draft);
  if (!isCount(input_tokens) || !isCount(output_tokens)) {
    throw new Refusal('invalid_request', 'Token counts are whole numbers.');
  }
  if (at < draft.now - LATEST || at > draft.now + AHEAD) {
    throw new Refusal('invalid_request', 'Usage is reported within seven days.');
  }
  const exact = BigInt(input_tokens) * rate.input + BigInt(output_tokens) * rate.output;
  const { due, rest } = carry(draft.find('meter', model)?.body.rest ?? 0n, exact, PER);
  if (due > MAX_AMOUNT) throw new Refusal('amount_too_large', 'One operation moves at most 1000000 credits.');
  const { quota, over } = takeQuota(draft, due, at);
  const body: UsageBody = { model, input_tokens, output_tokens, at, cost: due, quota, charged: over };
  draft.put({ kind: 'meter', id: model, open: false, links: [], body: { rest } });
  draft.put({ kind: 'usage', id, open: false, links: [], body });
  if (over > 0n)
    postCharge(draft, `u:${id}`, { amount: over, service: 'inference', force: true, ref: model });
  return shown({ kind: 'usage', id, open: false, links: [], body });
}

/** Uses the pool of the period that `at` falls into; periods that no report can reach any more are closed. */
function takeQuota(draft: Draft, cost: bigint, at: number): { quota: bigint; over: bigint } {
  const { plan } = draft.facts;
  const rule = planOf(draft);
  const { start, end } = periodOf(rule, at);
  const id = `${plan}:${start}`;
  const used = draft.find('quota', id)?.body.used ?? 0n;
  const { quota, over } = share(rule, used, cost);
  for (const old of draft.open('quota')) {
    if (old.body.end + LATEST < draft.now) draft.put({ ...old, open: false });
  }
  if (quota > 0n) {
    draft.put({ kind: 'quota', id, open: true, links: [], body: { plan, start, end, used: used + quota } });
  }
  return { quota, over };
}

/** `plan.choose`: another plan from now on; its pool is its own. */
export function choosePlan(draft: Draft, { plan }: Of<'plan.choose'>): JsonObject {
  mustNotBeClosed(draft);
  if (!Object.hasOwn(draft.rules.plans, plan)) throw new Refusal('invalid_request', 'There is no such plan.');
  if (draft.facts.plan !== plan) {
    draft.setFacts({ plan });
    draft.flush();
  }
  return { plan };
}
