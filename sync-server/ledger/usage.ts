// Inference that has already happened: it always posts, quota first, the rest as a charge (rules.md section 11).
import { formatAmount, MAX_AMOUNT } from '../../shared/money.ts';
import { MINUTE } from '../../shared/time.ts';
import { postCharge } from './charges.ts';
import { type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { mustBeSame, mustNotBeClosed } from './guards.ts';
import { carry } from './metering.ts';
import { completeTask } from './person.ts';
import { LATEST, showPool, takeQuota } from './plans.ts';
import type { RecordOf, UsageBody } from './records.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Use may be reported this far ahead of our clock. */
const AHEAD = MINUTE;
/** Prices are per this many tokens. */
const PER = 1_000_000n;

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
  const { quota, over } = takeQuota(draft, { model, input_tokens, output_tokens, cost: due }, at);
  const body: UsageBody = { model, input_tokens, output_tokens, at, cost: due, quota, charged: over };
  draft.put({ kind: 'meter', id: model, open: false, links: [], body: { rest } });
  draft.put({ kind: 'usage', id, open: false, links: [], body });
  if (over > 0n)
    postCharge(draft, `u:${id}`, { amount: over, service: 'inference', force: true, ref: model });
  showPool(draft, at, quota);
  completeTask(draft, 'first_api_call');
  draft.flush();
  return shown({ kind: 'usage', id, open: false, links: [], body });
}
