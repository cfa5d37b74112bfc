// Inference that has already happened: it always posts, quota first, the rest as a charge (rules.md section 11).
import { formatAmount, MAX_AMOUNT, type Micros } from '../../shared/money.ts';
import { MINUTE, type Ms } from '../../shared/time.ts';
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

/** One piece of use, as it is reported. */
export interface Use {
  id: string;
  input_tokens: number;
  output_tokens: number;
  at: Ms;
}
interface Price {
  model: string;
  rate: { input: Micros; output: Micros };
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

/** What was known of a piece of use before; null for a new one. @throws Refusal `duplicate_id` for another one's id */
function known(draft: Draft, { model }: Price, use: Use): RecordOf<'usage'> | null {
  const record = draft.find('usage', use.id);
  if (!record) return null;
  const { body } = record;
  const counts = body.input_tokens === use.input_tokens && body.output_tokens === use.output_tokens;
  mustBeSame(counts && body.model === model && body.at === use.at, use.id);
  return record;
}

/** Meters one new piece of use; what is over its quota is the caller's to charge. @throws Refusal before it changes anything */
function meter(draft: Draft, { model, rate }: Price, use: Use): RecordOf<'usage'> {
  const { id, input_tokens, output_tokens, at } = use;
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
  const record: RecordOf<'usage'> = { kind: 'usage', id, open: false, links: [], body };
  draft.put(record);
  return record;
}

/** `usage`: one account's, model's and batch's tokens. Answers its cost, and what quota and credits paid of it. */
export function usage(draft: Draft, command: Of<'usage'>): JsonObject {
  const before = known(draft, command, command);
  if (before) return shown(before);
  mustNotBeClosed(draft);
  const record = meter(draft, command, command);
  const { charged, quota } = record.body;
  if (charged > 0n) charge(draft, command.id, command.model, charged);
  showPool(draft, command.at, quota);
  completeTask(draft, 'first_api_call');
  draft.flush();
  return shown(record);
}

function charge(draft: Draft, id: string, model: string, amount: Micros): void {
  postCharge(draft, `u:${id}`, { amount, service: 'inference', force: true, ref: model });
}

/**
 * `usage.batch`: many pieces of use of one model, posted as one charge that is named after the first new piece. Each
 * answers for itself: `posted`, `duplicate`, or `refused` with its code.
 */
export function usageBatch(draft: Draft, command: Of<'usage.batch'>): JsonObject {
  mustNotBeClosed(draft);
  const posted: RecordOf<'usage'>[] = [];
  const items = command.uses.map((use): JsonObject => {
    try {
      const before = known(draft, command, use);
      if (before) return { ...shown(before), status: 'duplicate' };
      const record = meter(draft, command, use);
      posted.push(record);
      return { ...shown(record), status: 'posted' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, detail } = error.problem;
      return { id: use.id, status: 'refused', code, detail };
    }
  });
  const [first] = posted;
  if (!first) return { items };
  // A charge is at most one operation's; what many together are over is charged in several.
  let [name, due] = [first.id, 0n];
  for (const { id, body } of posted) {
    if (due + body.charged > MAX_AMOUNT) {
      charge(draft, name, command.model, due);
      [name, due] = [id, 0n];
    }
    due += body.charged;
  }
  if (due > 0n) charge(draft, name, command.model, due);
  const last = posted.toSorted((a, b) => a.body.at - b.body.at).at(-1) ?? first;
  const quota = posted.reduce((sum, { body }) => sum + body.quota, 0n);
  showPool(draft, last.body.at, quota);
  completeTask(draft, 'first_api_call');
  draft.flush();
  return { items };
}
