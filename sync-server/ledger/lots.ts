// Lots of credit: which can be spent, and in which order they burn (rules.md section 4).
import type { Micros } from '../../shared/money.ts';
import type { Ms } from '../../shared/time.ts';
import type { Service } from './command.ts';
import type { LotBody, RecordOf } from './records.ts';
import type { View } from './view.ts';

export type Lot = RecordOf<'lot'>;

/** The lot's record key, which is also its name in the chart. */
export function lotKey(lot: Lot): string {
  return `lot:${lot.id}`;
}

/** Spendable at `now`: not charged back, and strictly before its expiry. */
export function isLive(lot: LotBody, now: Ms): boolean {
  return !lot.frozen && (lot.expires_at === null || now < lot.expires_at);
}

/** Usable for a service; without one only credit that is good for everything counts. */
export function isUsable(lot: LotBody, service: Service | null): boolean {
  return lot.services === null || (service !== null && lot.services.includes(service));
}

/**
 * Burn order, total: priority, not withdrawable first, restricted first, fewer services first, earlier expiry first
 * (none last), older first, lot number.
 */
export function burnOrder(a: LotBody, b: LotBody): number {
  const expiry = (lot: LotBody) => lot.expires_at ?? Number.POSITIVE_INFINITY;
  const byExpiry = expiry(a) === expiry(b) ? 0 : expiry(a) - expiry(b);
  return (
    a.priority - b.priority ||
    Number(a.withdrawable) - Number(b.withdrawable) ||
    Number(a.services === null) - Number(b.services === null) ||
    (a.services?.length ?? 0) - (b.services?.length ?? 0) ||
    byExpiry ||
    a.created_at - b.created_at ||
    a.no - b.no
  );
}

/** Lots that can pay for a service now (null: for anything), in burn order. */
export function spendable(view: View, service: Service | null): Lot[] {
  return view
    .open('lot')
    .filter((lot) => isLive(lot.body, view.now) && isUsable(lot.body, service))
    .toSorted((a, b) => burnOrder(a.body, b.body));
}

/** `available(service)` of rules.md section 2; without a service, what is good for everything. */
export function available(view: View, service: Service | null): Micros {
  let sum = -view.debt;
  for (const lot of view.open('lot')) {
    if (isLive(lot.body, view.now) && isUsable(lot.body, service)) sum += view.balance(lotKey(lot));
  }
  return sum;
}
