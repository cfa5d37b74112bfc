// Credits as integers: 1 credit = 1 USD = 1,000,000 micros. Never a float. What comes from outside is read by money.ts.

/** An amount of credits in millionths (signed, fits int64). */
export type Micros = bigint;

export const MICROS_PER_CREDIT = 1_000_000n;
export const MICROS_PER_CENT = 10_000n;
/** Canonical decimal text: no trailing zeros, no plus, "-" only when below zero. `formatAmount(12_500_000n)` is "12.5". */
export function formatAmount(micros: Micros): string {
  const digits = (micros < 0n ? -micros : micros).toString().padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${micros < 0n ? '-' : ''}${digits.slice(0, -6)}${fraction && `.${fraction}`}`;
}

/** Reads a balance text that we wrote ourselves; may be negative and above the operation maximum. */
export function readBalance(text: string): Micros {
  const match = /^(-?)(\d{1,13})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match?.[2]) throw new RangeError('Not a balance.');
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
