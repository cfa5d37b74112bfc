// From a proposal to the order it stands for: the same command that its HTTP call would become.
import type * as z from 'zod/mini';
import { INTENT_BODIES, type Intent, type IntentKind, isIntentKind } from '../../../shared/intents.ts';
import { AmountError, parseAmount, parseAmountOrZero } from '../../../shared/money.ts';
import type { Command, Order, ProblemCode } from '../../ledger/command.ts';
import type { Member } from '../seat.ts';

/** The order of a proposal; one that cannot be understood is an order to refuse it, so that it is answered once. */
export function orderOf(intent: Intent, member: Member): Order {
  return order(intent, member, commandOf(intent));
}

/** The order to answer a proposal with a refusal. */
export function refusalOf(intent: Intent, member: Member, code: ProblemCode, detail: string): Order {
  return order(intent, member, refuse(code, detail));
}

function order({ id }: Intent, { account, principal }: Member, command: Command): Order {
  return { account, actor: { principal, scope: 'account' }, command, key: id, intent: id };
}

function commandOf({ kind, body }: Intent): Command {
  if (!isIntentKind(kind)) return refuse('invalid_request', 'This server knows no such proposal.');
  try {
    return readBody(kind, body) ?? refuse('invalid_request', 'The proposal is not as its call says.');
  } catch (error) {
    if (error instanceof AmountError) return refuse(error.code, error.message);
    throw error;
  }
}

type Body<K extends IntentKind> = z.infer<(typeof INTENT_BODIES)[K]>;

const SCHEMAS: { [K in IntentKind]: z.ZodMiniType<Body<K>> } = INTENT_BODIES;

/** What each kind of proposal asks of the ledger. @throws AmountError */
const COMMANDS: { [K in IntentKind]: (body: Body<K>) => Command } = {
  'purchase.start': ({ amount, method }) => ({ kind: 'purchase.start', amount: parseAmount(amount), method }),
  'withdrawal.request': ({ amount, wallet_address }) => ({
    kind: 'withdrawal.request',
    amount: parseAmount(amount),
    wallet_address,
  }),
  'withdrawal.cancel': ({ id }) => ({ kind: 'withdrawal.cancel', id }),
  'deployment.extend': ({ id, hours }) => ({ kind: 'deployment.extend', id, hours }),
  'deployment.end': ({ id }) => ({ kind: 'deployment.end', id }),
  'plan.choose': ({ plan }) => ({ kind: 'plan.choose', plan }),
  'profile.set': ({ name, timezone }) => ({ kind: 'profile.set', name, timezone }),
  'wallet.add': ({ chain, address }) => ({ kind: 'wallet.add', chain, address }),
  'wallet.remove': ({ id }) => ({ kind: 'wallet.remove', id }),
  'wallet.primary': ({ id }) => ({ kind: 'wallet.primary', id }),
  'alerts.set': ({ balance, spend_per_day, runway_hours, plan_share }) => ({
    kind: 'alerts.set',
    levels: {
      balance: balance === null ? null : parseAmountOrZero(balance),
      runway_hours,
      plan_share,
      spend_per_day: spend_per_day === null ? null : parseAmount(spend_per_day),
    },
  }),
  'notice.seen': ({ id }) => ({ kind: 'notice.seen', id }),
  'terms.accept': ({ version }) => ({ kind: 'terms.accept', version }),
};

/** Null for a body that is not its call's. @throws AmountError */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the schema to the command of its kind
function readBody<K extends IntentKind>(kind: K, body: unknown): Command | null {
  const { data } = SCHEMAS[kind].safeParse(body);
  return data === undefined ? null : COMMANDS[kind](data);
}

function refuse(code: ProblemCode, detail: string): Command {
  return { kind: 'refuse', code, detail };
}
