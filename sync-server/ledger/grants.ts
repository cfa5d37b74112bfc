// Credit that was given: promo, goodwill and BD grants; never withdrawable (rules.md section 4).
import { formatAmount } from '../../shared/money.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { type Actor, type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { mustBeAmount, mustBeFinance, mustBeSame, mustFit, mustNotBeClosed } from './guards.ts';
import { addLot, houseOf } from './lot-posting.ts';
import { notify } from './notices.ts';
import { credited } from './pending.ts';
import type { GrantBody } from './records.ts';

const DEFAULT_PRIORITY = 10;
const MAX_PRIORITY = 100;

function shown(id: string, { amount, source, expires_at, services, priority }: GrantBody): JsonObject {
  return {
    id,
    amount: formatAmount(amount),
    source,
    expires_at: expires_at === null ? null : toRfc3339(expires_at),
    services,
    priority,
  };
}

function isSame(a: GrantBody, b: GrantBody): boolean {
  return (
    a.amount === b.amount &&
    a.source === b.source &&
    a.expires_at === b.expires_at &&
    a.priority === b.priority &&
    a.services?.join() === b.services?.join()
  );
}

/** `grant`: a lot of its own; unrestricted credit repays debt first. */
export function grant(draft: Draft, command: Extract<Command, { kind: 'grant' }>, actor: Actor): JsonObject {
  const { id, amount, source } = command;
  const body: GrantBody = {
    amount,
    source,
    expires_at: command.expires_at ?? null,
    services: command.services ? command.services.toSorted() : null,
    priority: command.priority ?? DEFAULT_PRIORITY,
  };
  mustBeFinance(actor);
  const known = draft.find('grant', id);
  if (known) {
    mustBeSame(isSame(known.body, body), id);
    return shown(id, known.body);
  }
  mustBeAmount(amount);
  mustNotBeClosed(draft);
  mustFit(draft, amount);
  if (body.expires_at !== null && body.expires_at <= draft.now) {
    throw new Refusal('invalid_request', 'A grant expires in the future.');
  }
  if (body.services?.length === 0)
    throw new Refusal('invalid_request', 'Name a service, or leave services out.');
  if (!Number.isInteger(body.priority) || body.priority < 0 || body.priority > MAX_PRIORITY) {
    throw new Refusal('invalid_request', 'A priority is a whole number from 0 to 100.');
  }
  const { expires_at, services, priority } = body;
  const flags = { withdrawable: false, withdrawable_from: null };
  const lot = addLot(draft, { source, ...flags, priority, services, expires_at, size: amount });
  const legs = draft.begin();
  legs.add(houseOf(source), -amount);
  legs.add(lot, amount);
  const transfer = legs.post('grant', { of: `grant:${id}` });
  draft.put({ kind: 'grant', id, open: false, links: [lot], body });
  const type = source === 'bd_grant' ? 'bd_grant' : 'incentive';
  draft.entry({ id: transfer, service: 'credits', type, amount, status: 'completed', ref: id });
  notify(draft, 'promo_received', id, {
    amount: formatAmount(amount),
    source,
    ...(expires_at !== null && { expires_at: toRfc3339(expires_at) }),
  });
  credited(draft);
  return shown(id, body);
}
