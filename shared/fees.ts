// What a purchase costs: card fee on top, crypto free. Rules: M4, M5.
import { ceilToCent, MAX_AMOUNT, type Micros, MICROS_PER_CENT, MICROS_PER_CREDIT } from './money.ts';

export type PayMethod = 'card' | 'usdc' | 'io_coin';
export const PAY_METHODS = ['card', 'usdc', 'io_coin'] as const satisfies readonly PayMethod[];

/** Smallest purchase: 1 credit (M4). */
export const MIN_PURCHASE: Micros = MICROS_PER_CREDIT;
/** Default card fee in basis points (S: 3%). */
export const CARD_FEE_BPS = 300n;

/** The card fee that a credits section tells, in basis points. */
export function feeOf(credits: { card_fee_bps?: number | undefined } | null | undefined): bigint {
  return BigInt(credits?.card_fee_bps ?? CARD_FEE_BPS);
}

/** What a person pays for some credits; all in micros. */
export interface Quote {
  credits: Micros;
  fee: Micros;
  total: Micros;
}

const BPS = 10_000n;

/** Card fee of whole-cent credits, rounded half up to the cent (M4). */
export function cardFee(credits: Micros, bps: bigint = CARD_FEE_BPS): Micros {
  const scale = BPS * MICROS_PER_CENT;
  return ((credits * bps * 2n + scale) / (scale * 2n)) * MICROS_PER_CENT;
}

/** Price of `credits` by a method: the fee comes on top, crypto has none. */
export function quote(credits: Micros, method: PayMethod, bps: bigint = CARD_FEE_BPS): Quote {
  const fee = method === 'card' ? cardFee(credits, bps) : 0n;
  return { credits, fee, total: credits + fee };
}

/** Credits that a settled card total buys: the largest whole-cent c with c + fee(c) <= total; the rest is fee (M5). */
export function creditsForCardTotal(total: Micros, bps: bigint = CARD_FEE_BPS): Quote {
  let cents = (total * BPS) / ((BPS + bps) * MICROS_PER_CENT) + 1n;
  while (cents > 0n && cents * MICROS_PER_CENT + cardFee(cents * MICROS_PER_CENT, bps) > total) cents -= 1n;
  const credits = cents * MICROS_PER_CENT;
  return { credits, fee: total - credits, total };
}

/** Smallest allowed purchase that covers a shortfall, per kind of payment; a shortfall of 0 quotes the minimum. */
export function topUp(shortfall: Micros, bps: bigint = CARD_FEE_BPS): { card: Quote; crypto: Quote } {
  const least = shortfall < MIN_PURCHASE ? MIN_PURCHASE : shortfall;
  const cap = (credits: Micros) => (credits > MAX_AMOUNT ? MAX_AMOUNT : credits);
  const [cents, exact] = [cap(ceilToCent(least)), cap(least)];
  const fee = cardFee(cents, bps);
  return {
    card: { credits: cents, fee, total: cents + fee },
    crypto: { credits: exact, fee: 0n, total: exact },
  };
}
