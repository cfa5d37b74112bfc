// Purchases in the model: start, settle, suspense, dispute (rules.md sections 1, 9; M4, M5).
import type { ModelAccount } from './model-account.ts';
import type { Purchase } from './model-facts.ts';
import {
  type ActOf,
  CENT,
  check,
  CREDIT,
  type Facts,
  found,
  MAX_AMOUNT,
  MAX_BALANCE,
  micros,
  words,
} from './model-guard.ts';

const PURCHASE_PRIORITY = 50;

/** M4: 3 % on top, half up to the cent. */
function cardFee(credits: bigint): bigint {
  const exact = (credits * 3n) / 100n;
  return ((exact + CENT / 2n) / CENT) * CENT;
}

/** M5: the largest whole-cent c with c + fee(c) <= T; what a card provider was paid beyond is fee. */
function boughtByCard(total: bigint): bigint {
  let credits = total - (total % CENT);
  while (credits + cardFee(credits) > total) {
    const over = credits + cardFee(credits) - total;
    credits -= over > 2n * CENT ? (over / 2n / CENT) * CENT : CENT;
  }
  return credits;
}

export function buy(account: ModelAccount, at: number, { id, amount, method }: ActOf<'buy'>): Facts {
  const credits = micros(amount);
  check(account.state !== 'closed', 'account_closed');
  check(credits >= CREDIT, 'amount_below_minimum');
  check(method !== 'card' || credits % CENT === 0n, 'amount_precision');
  const fee = method === 'card' ? cardFee(credits) : 0n;
  account.purchases.set(id, { id, method, credits, fee, status: 'pending', createdAt: at, lot: null });
  return { total: words(credits + fee), fee: words(fee) };
}

export function settle(
  account: ModelAccount,
  at: number,
  payments: Map<string, string>,
  act: ActOf<'settle'>,
): Facts {
  const purchase = found(account.purchases.get(act.id), 'not_found');
  const payment = act.payment ?? `pay-${act.id}`;
  const facts = { total: words(purchase.credits + purchase.fee), fee: words(purchase.fee) };
  if (payments.has(payment)) return { ...facts, duplicate: true };
  const total =
    act.total === undefined ? purchase.credits + purchase.fee : micros(act.total, 'refused', MAX_BALANCE);
  payments.set(payment, act.id);
  const credits = purchase.method === 'card' ? boughtByCard(total) : total;
  // Money that can buy nothing, or more than one operation may move (M3), is for finance to look at.
  if (purchase.status !== 'pending' || credits === 0n || credits > MAX_AMOUNT) {
    account.suspense.set(payment, { payment, purchase: act.id, total, status: 'waiting' });
    account.book.post([
      { name: 'asset:psp', micros: -total },
      { name: 'suspense:payments', micros: total },
    ]);
    return { ...facts, status: 'suspense', duplicate: false };
  }
  credit(account, at, purchase, credits, total, 'asset:psp');
  return { total: words(total), fee: words(total - credits), status: 'settled', duplicate: false };
}

/** Turns money into the lot of a purchase. */
function credit(
  account: ModelAccount,
  at: number,
  purchase: Purchase,
  credits: bigint,
  total: bigint,
  from: string,
): void {
  const { purchaseTtl, cardHold } = account.terms;
  const lot = account.book.addLot({
    source: 'purchase',
    withdrawable: true,
    priority: PURCHASE_PRIORITY,
    services: null,
    createdAt: at,
    expiresAt: purchaseTtl === null ? null : at + purchaseTtl,
    purchase: purchase.id,
    withdrawableFrom: purchase.method === 'card' ? at + cardHold : 0,
  });
  account.book.post([
    { name: from, micros: -total },
    { name: lot.name, micros: credits },
    { name: 'payable:psp_fee', micros: total - credits },
  ]);
  Object.assign(purchase, {
    status: 'settled',
    credits,
    fee: total - credits,
    lot,
  } satisfies Partial<Purchase>);
}

/** Section 9, manual match: the purchase it was sent for when that never settled, else a new one. */
export function match(account: ModelAccount, at: number, { payment }: ActOf<'match'>): Facts {
  const suspense = found(account.suspense.get(payment), 'not_found');
  if (suspense.status === 'matched') return {};
  const original = found(account.purchases.get(suspense.purchase), 'not_found');
  const { total } = suspense;
  const credits = original.method === 'card' ? boughtByCard(total) : total;
  check(credits <= MAX_AMOUNT, 'amount_too_large');
  check(credits > 0n, 'invalid_amount');
  const again = { ...original, id: `m-${payment}`, createdAt: at, lot: null };
  const purchase = original.lot === null ? original : again;
  account.purchases.set(purchase.id, purchase);
  credit(account, at, purchase, credits, total, 'suspense:payments');
  suspense.status = 'matched';
  return {};
}

/** A chargeback: what is left of the lot goes back, the spent part becomes debt, finance must look (F14, X17). */
export function dispute(account: ModelAccount, { id }: ActOf<'dispute'>): Facts {
  const purchase = found(account.purchases.get(id), 'not_found');
  if (purchase.status === 'charged_back') return {};
  check(purchase.status === 'settled' && purchase.lot !== null, 'invalid_request');
  const { lot, credits } = purchase;
  const rest = account.book.balance(lot.name);
  account.book.post([
    { name: lot.name, micros: -rest },
    { name: 'recv', micros: rest - credits, item: `chargeback:${id}` },
    { name: 'asset:psp', micros: credits },
  ]);
  lot.chargedBack = true;
  purchase.status = 'charged_back';
  if (account.state !== 'closed') account.state = 'suspended';
  account.suspendedFor = 'chargeback';
  account.graceUntil = null;
  return {};
}
