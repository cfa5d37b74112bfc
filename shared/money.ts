// Credits as integers: 1 credit = 1 USD = 1,000,000 micros. Never a float. Rules: M1-M3.

/** An amount of credits in millionths (signed, fits int64). */
export type Micros = bigint;

export const MICROS_PER_CREDIT = 1_000_000n;
export const MICROS_PER_CENT = 10_000n;
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

/** Canonical decimal text: no trailing zeros, no plus, "-" only when below zero. `formatAmount(12_500_000n)` is "12.5". */
export function formatAmount(micros: Micros): string {
  const digits = (micros < 0n ? -micros : micros).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${micros < 0n ? '-' : ''}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
}

/** Reads a balance text that we wrote ourselves; may be negative and above the operation maximum. */
export function readBalance(text: string): Micros {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match?.[2]) throw new AmountError('invalid_amount', 'Not a balance.');
  const micros = BigInt(match[2]) * MICROS_PER_CREDIT + BigInt((match[3] ?? '').padEnd(6, '0'));
  return match[1] ? -micros : micros;
}

/** Rounds a balance down to whole cents: what a person may count on. */
export function floorToCent(micros: Micros): Micros {
  const rest = ((micros % MICROS_PER_CENT) + MICROS_PER_CENT) % MICROS_PER_CENT;
  return micros - rest;
}

/** Rounds a price to pay up to whole cents. */
export function ceilToCent(micros: Micros): Micros {
  return -floorToCent(-micros);
}
