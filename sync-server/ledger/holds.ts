// Checkout holds: authorize, extend, capture, void, and their ends by time (rules.md section 5).
import { formatAmount, type Micros } from '../../shared/money.ts';
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
import { followHold } from './deployment-record.ts';
import { credited, fitsNow, place, shortfall } from './pending.ts';
import type { HoldBody, HoldStatus, RecordOf } from './records.ts';
import type { View } from './view.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Hold = RecordOf<'hold'>;

/** A hold as callers see it; one that waits says until when, what is missing and what covers it. */
export function shown(view: View, { id, body }: Hold): JsonObject {
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
  takeHold(draft, id, request);
  draft.flush();
  return shown(draft, find(draft, id));
}

/** The decision for a new request: takes the money, or waits for it, or refuses. The caller ends the step. */
export function takeHold(
  draft: Draft,
  id: string,
  request: Pick<HoldBody, 'amount' | 'service' | 'on_insufficient' | 'use_allowance'>,
): void {
  mustBeAmount(request.amount);
  mustBeActive(draft);
  const fits = fitsNow(draft, request);
  if (!fits && request.on_insufficient === 'fail') throw insufficient(draft, request.amount, request.service);
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
}

/** `hold.extend`: a later end while provisioning, at most a day after the request. */
export function extend(draft: Draft, { id, until }: Of<'hold.extend'>): JsonObject {
  const hold = find(draft, id);
  const { status } = hold.body;
  if (status !== 'authorized') throw notOpen(status);
  if (until < draft.now) throw new Refusal('invalid_request', 'A hold is extended into the future.');
  prolong(draft, hold, until);
  draft.flush();
  return shown(draft, find(draft, id));
}

/** Lets an authorized hold last until then, at most a day after its request; never shorter. */
export function prolong(draft: Draft, hold: Hold, until: number): void {
  const latest = Math.min(until, hold.body.created_at + draft.rules.hold_max_ms);
  if (latest <= hold.body.until) return;
  draft.put({ ...hold, body: { ...hold.body, until: latest } });
  draft.touch();
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
  const { status, captured } = hold.body;
  mustBeAmount(amount);
  if (status === 'captured' && captured === amount) return shown(draft, hold);
  if (status === 'authorized' && amount > hold.body.amount) {
    const most = formatAmount(hold.body.amount);
    throw new Refusal('capture_exceeds_hold', `This hold covers at most ${most}.`);
  }
  const closed = captureHold(draft, hold, amount, id);
  settled(draft);
  return shown(draft, closed);
}

/** Captures an authorized hold; the entry refers to `ref`. The caller ends the step with `settled`. */
export function captureHold(draft: Draft, hold: Hold, amount: Micros, ref: string): Hold {
  const { id } = hold;
  const { status, service } = hold.body;
  if (status !== 'authorized') throw notOpen(status);
  const legs = draft.begin();
  // Closed first, so that what it owed is no longer in the line of debts.
  const closed = close(draft, hold, 'captured', amount);
  release(draft, legs, hold);
  repay(draft, legs);
  const funding = burn(draft, legs, eligible(draft, hold), amount);
  legs.add(`revenue:${service}`, amount);
  const transfer = legs.post('hold.capture', { of: `hold:${id}` });
  keepCharge(draft, `c:${id}`, transfer, { amount, service, ref }, funding);
  return closed;
}

/** Ends a step in which a hold ended: what expired under it expires now, what came free is there for others. */
export function settled(draft: Draft): void {
  expireLots(draft);
  credited(draft);
}

/** Ends an open hold without a charge, or a request that waits. The caller ends the step with `settled`. */
export function letGo(draft: Draft, hold: Hold, kind: 'hold.void' | 'hold.expired' = 'hold.void'): Hold {
  const waited = hold.body.status === 'pending_payment';
  const closed = close(draft, hold, kind === 'hold.void' ? 'void' : 'expired');
  draft.touch();
  if (waited) return closed;
  const legs = draft.begin();
  release(draft, legs, hold);
  legs.post(kind, { of: `hold:${hold.id}` });
  return closed;
}

/** `hold.void`: as if the hold had never been; also cancels a request that waits. Twice is once. */
export function voidHold(draft: Draft, { id }: Of<'hold.void'>): JsonObject {
  const hold = find(draft, id);
  const { status } = hold.body;
  if (status === 'void') return shown(draft, hold);
  if (status !== 'authorized' && status !== 'pending_payment') throw notOpen(status);
  const closed = letGo(draft, hold);
  settled(draft);
  return shown(draft, closed);
}

/** The hold's time has passed. */
export function expireHold(draft: Draft, id: string): void {
  letGo(draft, find(draft, id), 'hold.expired');
  followHold(draft, id);
  settled(draft);
}

/** A waiting request has not been paid for in time. */
export function failPending(draft: Draft, id: string): void {
  close(draft, find(draft, id), 'failed');
  followHold(draft, id);
  draft.touch();
  draft.flush();
}
