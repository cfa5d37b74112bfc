// What more booked hours of a cluster cost, and what is missing of it. Pure.
import type { Credits } from '../../../shared/account.ts';
import { type Cluster, serviceOf } from '../../../shared/clusters.ts';
import { feeOf, topUp } from '../../../shared/fees.ts';
import { type Micros, readBalance } from '../../../shared/money.ts';

export interface ExtensionCost {
  price: Micros;
  /** What the cluster's service may spend, credit that is for this service only included. */
  spendable: Micros;
  /** 0 when it is covered. */
  missing: Micros;
  /** The smallest purchases that cover it, per kind of payment. */
  topUp: ReturnType<typeof topUp>;
}

/** Amounts in micros; the allowance does not count (rules.md 7.3). */
export function extensionCost(
  { hourly, quantity, type }: Pick<Cluster, 'hourly' | 'quantity' | 'type'>,
  hours: number,
  credits: Pick<Credits, 'available' | 'available_by_service' | 'card_fee_bps'> | null,
): ExtensionCost {
  const price = readBalance(hourly) * BigInt(quantity) * BigInt(hours);
  const spendable = readBalance(credits?.available_by_service[serviceOf(type)] ?? credits?.available ?? '0');
  const missing = price > spendable ? price - spendable : 0n;
  return { price, spendable, missing, topUp: topUp(missing, feeOf(credits)) };
}
