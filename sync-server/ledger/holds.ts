// Checkout holds: authorize, extend, capture, void, and their ends by time (rules.md section 5).
import { formatAmount } from '../../shared/money.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { topUps } from '../../shared/verdict.ts';
import { insufficient, keepCharge } from './charges.ts';
import { type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { burn, giveBack, NO_FUNDING, repay } from './funding.ts';
import { mustBeActive, mustBeAmount, mustBeSame } from './guards.ts';
import type { Legs } from './legs.ts';
import { expireLots } from './lot-posting.ts';
import { burnOrder, isLive, isUsable, lotKey } from './lots.ts';
import { credited, fitsNow, place, shortfall } from './pending.ts';
import type { HoldStatus, RecordOf } from './records.ts';
import type { View } from './view.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Hold = RecordOf<'hold'>;

function shown(view: View, { id, body }: Hold): JsonObject {
  const { status, amount, service, until, captured } = body;
  const base = { id, status, amount: formatAmount(amount), service };
  if (status === 'authorized') return { ...base, expires_at: toRfc3339(until) };
  if (status === 'captured') return { ...base, captured: formatAmount(captured), charge_id: `c:${id}` };
  if (status !== 'pending_payment') return base;
  const missing = shortfall(view, body);
  return {
    ...base,
    deadline: toRfc3339(until),
    shortfall: formatAmount(missing),
    top_up: topUps(missing, view.rules.fee_bps),
  };
}

function find(draft: Draft, id: string): Hold {
  const hold = draft.find('hold', id);
  if (!hold) throw new Refusal('hold_not_found', 'There is no such hold.');
  return hold;
}

/** The refusal that fits what has become of a hold that is no longer authorized. */
function notOpen(status: HoldStatus): Refusal {
  if (status === 'expired') return new Refusal('hold_expired', 'This hold has expired; authorize a new one.');
  if (status === 'failed')
    return new Refusal('grace_expired', 'The time to top up for this request has passed.');
  return new Refusal('hold_not_open', `This hold is not open: ${status}.`);
}

function close(draft: Draft, hold: Hold, status: HoldStatus, captured = 0n): Hold {
  const body = { ...hold.body, ...NO_FUNDING, status, captured };
  const next = { ...hold, open: false, links: [], body };
  draft.put(next);
  return next;
}

/**
 * `hold.authorize`: takes the money, or waits five minutes for it, or refuses. Answers the hold; one that waits says
 * until when, what is missing and what covers it.
 */
export function authorize(draft: Draft, command: Of<'hold.authorize'>): JsonObject {
  const { id, amount, service, on_insufficient = 'pending', use_allowance = true } = command;
  const request = { amount, service, on_insufficient, use_allowance };
  const known = draft.find('hold', id);
  if (known) {
    const { body } = known;
    const same =
      body.amount === amount &&
      body.service === service &&
      body.on_insufficient === on_insufficient &&
      body.use_allowance === use_allowance;
    mustBeSame(same, id);
    return shown(draft, known);
  }
  mustBeAmount(amount);
  mustBeActive(draft);
  const fits = fitsNow(draft, request);
  if (!fits && on_insufficient === 'fail') throw insufficient(draft, amount, service);
  const body = {
    ...request,
    ...NO_FUNDING,
    no: draft.nextNo(),
    status: 'pending_payment' as const,
    created_at: draft.now,
    until: draft.now + draft.rules.grace_ms,
    captured: 0n,
  };
  if (fits) place(draft, id, body);
  else draft.put({ kind: 'hold', id, open: true, links: [], body });
  draft.touch();
  draft.flush();
  return shown(draft, find(draft, id));
}

/** `hold.extend`: a later end while provisioning, at most a day after the request. */
export function extend(draft: Draft, { id, until }: Of<'hold.extend'>): JsonObject {
  const hold = find(draft, id);
  const { body } = hold;
  if (body.status !== 'authorized') throw notOpen(body.status);
  if (until < draft.now) throw new Refusal('invalid_request', 'A hold is extended into the future.');
  const latest = Math.min(until, body.created_at + draft.rules.hold_max_ms);
  if (latest > body.until) {
    draft.put({ ...hold, body: { ...body, until: latest } });
    draft.touch();
    draft.flush();
  }
  return shown(draft, find(draft, id));
}

/** Gives everything under a hold back, lot by lot. */
function release(draft: Draft, legs: Legs, { body }: Hold): void {
  legs.add('held', -body.amount);
  giveBack(draft, legs, body, body.amount, 'release');
}

/** What a capture may burn: what is live now, and the hold's own slices, which cannot expire under it. */
function eligible(draft: Draft, { body }: Hold) {
  const own = new Set(body.slices.map(({ lot }) => lot));
  return draft
    .open('lot')
    .filter(
      (lot) =>
        isUsable(lot.body, body.service) &&
        (isLive(lot.body, draft.now) || (!lot.body.frozen && own.has(lotKey(lot)))),
    )
    .toSorted((a, b) => burnOrder(a.body, b.body));
}

/**
 * `hold.capture`: releases everything, then burns the amount now; the rest is free at once. It ends like a charge at
 * this instant and makes the charge `c:<hold id>`. Allowed on a suspended account: the service was delivered.
 */
export function capture(draft: Draft, { id, amount }: Of<'hold.capture'>): JsonObject {
  const hold = find(draft, id);
  const { status, captured, service } = hold.body;
  mustBeAmount(amount);
  if (status === 'captured' && captured === amount) return shown(draft, hold);
  if (status !== 'authorized') throw notOpen(status);
  if (amount > hold.body.amount) {
    const most = formatAmount(hold.body.amount);
    throw new Refusal('capture_exceeds_hold', `This hold covers at most ${most}.`);
  }
  const legs = draft.begin();
  // Closed first, so that what it owed is no longer in the line of debts.
  const closed = close(draft, hold, 'captured', amount);
  release(draft, legs, hold);
  repay(draft, legs);
  const funding = burn(draft, legs, eligible(draft, hold), amount);
  legs.add(`revenue:${service}`, amount);
  const transfer = legs.post('hold.capture', { of: `hold:${id}` });
  keepCharge(draft, `c:${id}`, transfer, { amount, service, ref: id }, funding);
  expireLots(draft);
  credited(draft);
  return shown(draft, closed);
}

/** Ends an authorized hold without a charge; what expired under it expires now. */
function letGo(draft: Draft, hold: Hold, kind: 'hold.void' | 'hold.expired'): Hold {
  const legs = draft.begin();
  const closed = close(draft, hold, kind === 'hold.void' ? 'void' : 'expired');
  release(draft, legs, hold);
  legs.post(kind, { of: `hold:${hold.id}` });
  expireLots(draft);
  credited(draft);
  return closed;
}

/** `hold.void`: as if the hold had never been; also cancels a request that waits. Twice is once. */
export function voidHold(draft: Draft, { id }: Of<'hold.void'>): JsonObject {
  const hold = find(draft, id);
  const { status } = hold.body;
  if (status === 'void') return shown(draft, hold);
  if (status === 'authorized') return shown(draft, letGo(draft, hold, 'hold.void'));
  if (status !== 'pending_payment') throw notOpen(status);
  const closed = close(draft, hold, 'void');
  draft.touch();
  draft.flush();
  return shown(draft, closed);
}

/** The hold's time has passed. */
export function expireHold(draft: Draft, id: string): void {
  letGo(draft, find(draft, id), 'hold.expired');
}

/** A waiting request has not been paid for in time. */
export function failPending(draft: Draft, id: string): void {
  close(draft, find(draft, id), 'failed');
  draft.touch();
  draft.flush();
}
