// Metered use, billed cumulatively and floored (M6): billing each second, each minute or once gives the same total, and
// never more than the true price.
import type { Micros } from '../../shared/money.ts';

/** Total due after `quantity` units at `price` micros per `per` units. */
export function billed(quantity: bigint, price: Micros, per: bigint): Micros {
  return (quantity * price) / per;
}

/** What to charge for `more` units after `before` were billed: the difference of the two totals. */
export function metered(before: bigint, more: bigint, price: Micros, per: bigint): Micros {
  return billed(before + more, price, per) - billed(before, price, per);
}

/**
 * The same law when prices change over time: adds an exact cost (in `per`-ths of a micro) to the unbilled rest. Answers
 * the whole micros to charge now and the new rest.
 */
export function carry(rest: bigint, exact: bigint, per: bigint): { due: Micros; rest: bigint } {
  const total = rest + exact;
  return { due: total / per, rest: total % per };
}
