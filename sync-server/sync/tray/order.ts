// From a proposal to the order it stands for: the same command that its HTTP call would become.
import { INTENT_BODIES, type Intent, type IntentKind, isIntentKind } from '../../../shared/intents.ts';
import { AmountError, parseAmount } from '../../../shared/money.ts';
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

/** Null for a body that is not its call's. @throws AmountError */
function readBody(kind: IntentKind, body: unknown): Command | null {
  switch (kind) {
    case 'purchase.start': {
      const { data } = INTENT_BODIES[kind].safeParse(body);
      return data ? { kind, amount: parseAmount(data.amount), method: data.method } : null;
    }
    case 'withdrawal.request': {
      const { data } = INTENT_BODIES[kind].safeParse(body);
      return data ? { kind, amount: parseAmount(data.amount), wallet_address: data.wallet_address } : null;
    }
    case 'withdrawal.cancel': {
      const { data } = INTENT_BODIES[kind].safeParse(body);
      return data ? { kind, id: data.id } : null;
    }
  }
}

function refuse(code: ProblemCode, detail: string): Command {
  return { kind: 'refuse', code, detail };
}
