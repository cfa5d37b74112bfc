// Amounts of credits as they come from outside, checked. Rules: M1-M3. The integers themselves stand in micros.ts: a page
// that only shows balances does not carry what reads input.
import { formatAmount, MICROS_PER_CREDIT, type Micros } from './micros.ts';

export {
  ceilToCent,
  floorToCent,
  formatAmount,
  type Micros,
  MICROS_PER_CENT,
  MICROS_PER_CREDIT,
  readBalance,
} from './micros.ts';

/** Largest amount of one operation: 1,000,000 credits (M3). */
export const MAX_AMOUNT: Micros = 1_000_000n * MICROS_PER_CREDIT;
/** Largest balance of one account: 1,000,000,000 credits (M3). */
export const MAX_BALANCE: Micros = 1_000_000_000n * MICROS_PER_CREDIT;

export type AmountCode = 'invalid_amount' | 'amount_precision' | 'amount_too_large';

/** Why a text is no amount; `code` is the stable problem code of M2. */
export class AmountError extends Error {
  readonly code: AmountCode;
  constructor(code: AmountCode, message: string) {
    super(message);
    this.name = 'AmountError';
    this.code = code;
  }
}

const SHAPE = /^(0|[1-9]\d{0,12})(?:\.(\d+))?$/;
// Longer than any amount that could be right: refused before the digits are read.
const MAX_LENGTH = 64;

/**
 * Reads a decimal text from outside ("12.50") into micros, zero included.
 * @throws AmountError `invalid_amount` (not a plain decimal text), `amount_precision` (over 6 decimals),
 * `amount_too_large` (over `max`, by default 1,000,000 credits). Rule M2.
 */
export function parseAmountOrZero(input: unknown, max: Micros = MAX_AMOUNT): Micros {
  if (typeof input !== 'string' || input.length > MAX_LENGTH) {
    throw new AmountError('invalid_amount', 'An amount is a decimal text such as "12.50".');
  }
  const match = SHAPE.exec(input);
  if (!match?.[1]) throw new AmountError('invalid_amount', 'An amount is a decimal text such as "12.50".');
  const fraction = match[2] ?? '';
  if (fraction.length > 6) throw new AmountError('amount_precision', 'An amount has at most 6 decimals.');
  const micros = BigInt(match[1]) * MICROS_PER_CREDIT + BigInt(fraction.padEnd(6, '0'));
  if (micros > max) {
    throw new AmountError('amount_too_large', `At most ${formatAmount(max)} credits at once.`);
  }
  return micros;
}

/** As `parseAmountOrZero`, and refuses zero with `invalid_amount`. */
export function parseAmount(input: unknown, max: Micros = MAX_AMOUNT): Micros {
  const micros = parseAmountOrZero(input, max);
  if (micros === 0n) throw new AmountError('invalid_amount', 'An amount is more than zero.');
  return micros;
}
