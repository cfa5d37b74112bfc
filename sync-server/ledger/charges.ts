// Charges and their refunds (rules.md section 6), and the floor that both holds and charges meet (section 7).
import { formatAmount, type Micros } from '../../shared/money.ts';
import { topUps } from '../../shared/verdict.ts';
import { type Command, type JsonObject, Refusal, type Service } from './command.ts';
import { allowance, floorOf } from './credits.ts';
import type { Draft } from './draft.ts';
import { giveBack, linksOf, pay } from './funding.ts';
import { updateState } from './grace.ts';
import { mustBeActive, mustBeAmount, mustBeSame, mustNotBeClosed } from './guards.ts';
import { available } from './lots.ts';
import { notify } from './notices.ts';
import { credited } from './pending.ts';
import type { ChargeBody, Funding, RecordOf } from './records.ts';
import type { View } from './view.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Ids of charges that the ledger makes itself: `c:<hold>` by a capture, `u:<usage>` by metered use. */
const OWN_CHARGE = /^[cu]:/;

/** 402 with what is missing and what each way to fix it costs. */
export function insufficient(view: View, amount: Micros, service: Service | null): Refusal {
  const now = available(view, service);
  return new Refusal('insufficient_credits', 'Not enough credits. Top up, or ask for less.', {
    required: formatAmount(amount),
    available: formatAmount(now),
    shortfall: formatAmount(amount - now),
    top_up: topUps(amount - now, view.rules.fee_bps),
  });
}

function mustPass(view: View, amount: Micros, service: Service): void {
  const now = available(view, service);
  const floor = allowance(view);
  if (now - amount >= -floor) return;
  const refusal = insufficient(view, amount, service);
  // 7.2 asks about the account: credit for one service does not lift its debt.
  if (floor === 0n && available(view, null) >= 0n) throw refusal;
  throw new Refusal(
    'allowance_exhausted',
    'This would go below the allowance. Top up first.',
    refusal.problem.facts,
  );
}

/** New work of this price may be charged now. */
export function mustAfford(view: View, amount: Micros, service: Service): void {
  mustBeActive(view);
  mustPass(view, amount, service);
}

function shown({ id, body }: RecordOf<'charge'>): JsonObject {
  return {
    id,
    amount: formatAmount(body.amount),
    service: body.service,
    status: 'charged',
    refunded: formatAmount(body.refunded),
  };
}

/** Keeps a posted charge and enters it into the history. Answers it as callers see it. */
export function keepCharge(
  draft: Draft,
  id: string,
  transfer: string,
  charge: Pick<ChargeBody, 'amount' | 'service'> & { force?: boolean; ref?: string },
  funding: Funding,
): JsonObject {
  const { amount, service, force = false, ref = id } = charge;
  const record: RecordOf<'charge'> = {
    kind: 'charge',
    id,
    open: funding.debt > 0n,
    links: linksOf(funding.slices),
    body: { amount, service, force, refunded: 0n, at: draft.now, ...funding },
  };
  draft.put(record);
  draft.entry({ id: transfer, service, type: 'usage', amount: -amount, status: 'completed', ref });
  return shown(record);
}

/** Posts a charge that has been let through, whatever it leaves behind. The caller ends the step. */
export function postCharge(
  draft: Draft,
  id: string,
  charge: Pick<ChargeBody, 'amount' | 'service'> & { force?: boolean; ref?: string },
): JsonObject {
  const { amount, service } = charge;
  const legs = draft.begin();
  const funding = pay(draft, legs, service, amount);
  legs.add(`revenue:${service}`, amount);
  const transfer = legs.post('usage.charge', { of: `charge:${id}` });
  if (available(draft, null) < -floorOf(draft)) draft.setFacts({ forced: true });
  const answer = keepCharge(draft, id, transfer, charge, funding);
  updateState(draft);
  return answer;
}

/** `charge`: posts whole or not at all. `force` is late metering: it may pass the floor and a suspension. */
export function charge(draft: Draft, command: Of<'charge'>): JsonObject {
  const { id, amount, service, force = false } = command;
  if (OWN_CHARGE.test(id))
    throw new Refusal('invalid_request', 'Ids that begin with c: or u: are the ledger’s.');
  const known = draft.find('charge', id);
  if (known) {
    const { body } = known;
    mustBeSame(body.amount === amount && body.service === service && body.force === force, id);
    return shown(known);
  }
  mustBeAmount(amount);
  if (force) mustNotBeClosed(draft);
  else mustAfford(draft, amount, service);
  const answer = postCharge(draft, id, { amount, service, force });
  draft.flush();
  return answer;
}

/** `charge.refund`: back to where it came from, in reverse; never more than was charged. */
export function refund(draft: Draft, { charge_id, id, amount }: Of<'charge.refund'>): JsonObject {
  const answer = { id, charge_id, amount: formatAmount(amount), status: 'refunded' };
  const known = draft.find('refund', id);
  if (known) {
    mustBeSame(known.body.charge === charge_id && known.body.amount === amount, id);
    return answer;
  }
  mustBeAmount(amount);
  const record = draft.find('charge', charge_id);
  if (!record) throw new Refusal('charge_not_found', 'There is no such charge.');
  const { body } = record;
  if (body.refunded + amount > body.amount) {
    const left = formatAmount(body.amount - body.refunded);
    throw new Refusal('refund_exceeds_charge', `At most ${left} of this charge can still be refunded.`);
  }
  postRefund(draft, record, { id, amount, ref: charge_id });
  notify(draft, 'refund_arrived', charge_id, { amount: formatAmount(amount), service: body.service });
  credited(draft);
  return answer;
}

/** Posts a refund that has been let through: its money goes back in reverse. The caller ends the step. */
export function postRefund(
  draft: Draft,
  record: RecordOf<'charge'>,
  { id, amount, ref }: { id: string; amount: Micros; ref: string },
): void {
  const { body } = record;
  const { service } = body;
  const legs = draft.begin();
  legs.add(`revenue:${service}`, -amount);
  const funding = giveBack(draft, legs, body, amount, 'refund');
  const transfer = legs.post('charge.refund', { of: `charge:${record.id}`, refund: id });
  draft.put({
    ...record,
    open: funding.debt > 0n,
    links: linksOf(funding.slices),
    body: { ...body, ...funding, refunded: body.refunded + amount },
  });
  draft.put({ kind: 'refund', id, open: false, links: [], body: { charge: record.id, amount } });
  draft.entry({ id: transfer, service, type: 'refund', amount, status: 'completed', ref });
}
