// Buying credits: a quote, the provider's money, and what becomes of money that fits no open purchase (section 9).
import type { Purchase } from '../../shared/account.ts';
import { creditsForCardTotal, MIN_PURCHASE, type Quote, quote } from '../../shared/fees.ts';
import { formatAmount, MAX_AMOUNT, MICROS_PER_CENT, type Micros } from '../../shared/money.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { briefPurchase } from './brief.ts';
import { type Actor, type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { fits, mustBeAmount, mustBeFinance, mustFit, mustNotBeClosed } from './guards.ts';
import { addLot } from './lot-posting.ts';
import { notify } from './notices.ts';
import { credited } from './pending.ts';
import { completeTask } from './person.ts';
import type { PurchaseBody, RecordOf } from './records.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type PurchaseRecord = RecordOf<'purchase'>;

/** So many purchases of one account may wait for their money at once: what is open is loaded with every command. */
const MAX_OPEN_PURCHASES = 1_000;

const awaitsMoney = ({ status }: PurchaseBody) => status === 'created' || status === 'pending';

/** A purchase as its buyer sees it, in the book and over HTTP. */
export function shown({ id, body }: PurchaseRecord): Purchase {
  return {
    id,
    status: body.status,
    method: body.method,
    credits: formatAmount(body.credits),
    fee: formatAmount(body.fee),
    total: formatAmount(body.total),
    payment_url: awaitsMoney(body) ? body.payment_url : null,
    created_at: toRfc3339(body.created_at),
  };
}

function keep(draft: Draft, record: PurchaseRecord, part: Partial<PurchaseBody>): PurchaseRecord {
  const body = { ...record.body, ...part };
  const next = { ...record, open: awaitsMoney(body), links: body.lot ? [body.lot] : [], body };
  draft.put(next);
  draft.show({ purchases: briefPurchase(shown(next)) });
  return next;
}

/** `purchase.start`: quotes and waits for the money. Answers the purchase with its payment link. */
export function startPurchase(draft: Draft, { amount, method }: Of<'purchase.start'>): JsonObject {
  mustNotBeClosed(draft);
  mustBeAmount(amount);
  if (amount < MIN_PURCHASE) throw new Refusal('amount_below_minimum', 'The smallest purchase is 1 credit.');
  if (method === 'card' && amount % MICROS_PER_CENT !== 0n) {
    throw new Refusal('amount_precision', 'Credits bought by card are whole cents.');
  }
  mustFit(draft, amount);
  if (draft.open('purchase').length >= MAX_OPEN_PURCHASES) {
    throw new Refusal(
      'rate_limited',
      `${MAX_OPEN_PURCHASES} purchases wait for payment; pay one, or wait a day.`,
    );
  }
  const id = draft.id();
  const record: PurchaseRecord = {
    kind: 'purchase',
    id,
    open: true,
    links: [],
    body: newPurchase(draft, id, method),
  };
  const next = keep(draft, record, quote(amount, method, draft.rules.fee_bps));
  // The fee may have been another one when the section was last told.
  if (method === 'card') draft.touch();
  draft.flush();
  return shown(next);
}

function newPurchase(draft: Draft, id: string, method: PurchaseBody['method']): PurchaseBody {
  return {
    no: draft.nextNo(),
    method,
    // The payment link is out from the start, so a purchase waits for its money at once.
    status: 'pending',
    credits: 0n,
    fee: 0n,
    total: 0n,
    fee_bps: draft.rules.fee_bps,
    payment_url: `${draft.rules.public_url}/pay/${id}`,
    created_at: draft.now,
    provider: null,
    lot: null,
  };
}

/** What a received total buys (M5): as quoted when it is the quoted one. */
function bought({ method, credits, fee, total, fee_bps }: PurchaseBody, received: Micros): Quote {
  if (received === total) return { credits, fee, total };
  return method === 'card' ? creditsForCardTotal(received, fee_bps) : quote(received, method);
}

/** Turns money from `source` into a lot of the purchase, and lets it repay what is owed. */
function settle(
  draft: Draft,
  record: PurchaseRecord,
  source: string,
  provider: string,
  received: Micros,
): void {
  const { credits, fee, total } = bought(record.body, received);
  const { card_hold_ms, purchase_ttl_ms } = draft.rules;
  const onCard = record.body.method === 'card' && card_hold_ms > 0;
  const lot = addLot(draft, {
    source: 'purchase',
    withdrawable: true,
    withdrawable_from: onCard ? draft.now + card_hold_ms : null,
    priority: 50,
    services: null,
    expires_at: purchase_ttl_ms === null ? null : draft.now + purchase_ttl_ms,
    size: credits,
  });
  const legs = draft.begin();
  legs.add(source, -total);
  legs.add(lot, credits);
  legs.add('payable:psp_fee', fee);
  const id = legs.post('purchase.settle', { of: `purchase:${record.id}` });
  draft.setFacts({ settled: draft.facts.settled + credits });
  draft.entry({
    id,
    service: 'credits',
    type: 'purchase',
    amount: credits,
    status: 'completed',
    ref: record.id,
  });
  keep(draft, record, { status: 'settled', credits, fee, total, provider, lot });
  notify(draft, 'purchase_settled', record.id, { amount: formatAmount(credits), method: record.body.method });
  completeTask(draft, 'first_purchase');
  credited(draft);
}

/** Whether received money can become credit of this purchase. */
function canSettle(draft: Draft, { body }: PurchaseRecord, received: Micros): boolean {
  const { credits } = bought(body, received);
  return credits > 0n && credits <= MAX_AMOUNT && fits(draft, credits);
}

function find(draft: Draft, id: string): PurchaseRecord {
  const record = draft.find('purchase', id);
  if (!record) throw new Refusal('not_found', 'There is no such purchase.');
  return record;
}

/**
 * `payment.succeeded`: the money becomes credit once; money for a purchase that no longer waits, or a second payment
 * for a settled one, goes to suspense. Answers `{status, duplicate}`.
 */
export function paymentSucceeded(draft: Draft, command: Of<'payment.succeeded'>): JsonObject {
  const { purchase_id, payment_id, provider, amount } = command;
  const record = find(draft, purchase_id);
  const payment = `${provider}:${payment_id}`;
  const known = draft.find('payment', payment);
  if (known)
    return { status: known.body.status === 'suspense' ? 'suspense' : record.body.status, duplicate: true };
  // The maximum holds for the credits bought (M3): a card's fee comes on top of it, and money that came is never turned away.
  if (amount <= 0n) throw new Refusal('invalid_amount', 'A payment is more than zero.');
  const house = `asset:psp:${provider}`;
  const settles = awaitsMoney(record.body) && canSettle(draft, record, amount);
  const status = settles ? 'settled' : 'suspense';
  draft.put({
    kind: 'payment',
    id: payment,
    open: false,
    links: [],
    body: { purchase: purchase_id, status },
  });
  if (settles) {
    settle(draft, record, house, provider, amount);
    return { status, duplicate: false };
  }
  const legs = draft.begin();
  legs.add(house, -amount);
  legs.add('suspense:payments', amount);
  const id = draft.id();
  legs.post('purchase.suspense', { of: `suspense:${id}` });
  const body = { purchase: purchase_id, provider, payment: payment_id, amount, at: draft.now };
  draft.put({ kind: 'suspense', id, open: true, links: [`purchase:${purchase_id}`], body });
  return { status, duplicate: false };
}

/** `payment.failed`: ends a purchase that waits; after a settlement it is late news and changes nothing (X6). */
export function paymentFailed(draft: Draft, { purchase_id }: Of<'payment.failed'>): JsonObject {
  const record = find(draft, purchase_id);
  if (!awaitsMoney(record.body))
    return { status: record.body.status, duplicate: record.body.status === 'failed' };
  keep(draft, record, { status: 'failed' });
  const { credits, method } = record.body;
  notify(draft, 'purchase_failed', purchase_id, { amount: formatAmount(credits), method });
  draft.flush();
  return { status: 'failed', duplicate: false };
}

/** Shows a settled purchase as charged back. */
export function chargedBack(draft: Draft, record: PurchaseRecord): void {
  keep(draft, record, { status: 'charged_back' });
  notify(draft, 'purchase_charged_back', record.id, { amount: formatAmount(record.body.credits) });
}

/** The time to pay has passed (24 h). */
export function expirePurchase(draft: Draft, id: string): void {
  keep(draft, find(draft, id), { status: 'expired' });
  draft.flush();
}

/**
 * `suspense.match`: finance finds that money in suspense is this account's after all. It settles the purchase it was
 * sent for when that never settled, else a new one. Answers the purchase.
 */
export function matchSuspense(draft: Draft, { suspense_id }: Of<'suspense.match'>, actor: Actor): JsonObject {
  mustBeFinance(actor);
  const suspense = draft.find('suspense', suspense_id);
  if (!suspense) throw new Refusal('not_found', 'There is no such payment in suspense.');
  const { purchase, provider, amount } = suspense.body;
  const original = find(draft, purchase);
  const unpaid = original.body.lot === null;
  if (!suspense.open) return { suspense_id, status: 'matched' };
  const id = unpaid ? original.id : draft.id();
  const record = unpaid ? original : { ...original, id, body: newPurchase(draft, id, original.body.method) };
  const { credits } = bought(record.body, amount);
  if (credits === 0n) throw new Refusal('invalid_amount', 'This payment buys less than a cent.');
  mustBeAmount(credits);
  mustFit(draft, credits);
  draft.put({ ...suspense, open: false });
  settle(draft, record, 'suspense:payments', provider, amount);
  return { suspense_id, status: 'matched', purchase: shown(find(draft, id)) };
}
