// An amount as a person types it, read while it is typed. The rules are the ledger's (M2-M4); nothing is sent that they
// would refuse.
import { AmountError, formatAmount, type Micros, parseAmount } from '../../../shared/money.ts';
import { splitBalance } from '../../ui/money.ts';

export type AmountProblem = 'empty' | 'invalid' | 'precision' | 'cents' | 'too_large' | 'too_small' | 'over';
export type TypedAmount = { micros: Micros } | { problem: AmountProblem };

interface Bounds {
  least: Micros;
  /** What there is, when it is a limit. */
  most?: Micros;
  /** Whole cents only: what is bought by card. */
  cents?: boolean;
}

/** A decimal comma is one too, where only one stands and no more than six digits follow: "12,50". */
export function plainAmount(text: string): string {
  const trimmed = text.trim().replace(/^\$|\s*\$$/g, '');
  return /^\d+,\d{0,6}$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed;
}

/** As a person of this language types it, whole and with cents: "64.30", "64,30". */
export function typedText(micros: Micros, language: string): string {
  const [whole = '0', decimals = ''] = formatAmount(micros).split('.');
  const { cents } = splitBalance(0n, language);
  return `${whole}${cents.slice(0, 1)}${decimals.padEnd(2, '0')}`;
}

/** Where the dollar sign stands beside an amount: "$50", "50 $". */
export function dollarSide(language: string): { prefix: string } | { suffix: string } {
  return splitBalance(0n, language).after === '' ? { prefix: '$' } : { suffix: '$' };
}

export function readTyped(text: string, { least, most, cents = false }: Bounds): TypedAmount {
  // "12." on the way to "12.5" is 12.
  const plain = plainAmount(text).replace(/\.$/, '');
  if (plain === '') return { problem: 'empty' };
  let micros: Micros;
  try {
    micros = parseAmount(plain);
  } catch (error) {
    const code = error instanceof AmountError ? error.code : 'invalid_amount';
    if (code === 'amount_precision') return { problem: 'precision' };
    return { problem: code === 'amount_too_large' ? 'too_large' : 'invalid' };
  }
  if (cents && micros % 10_000n !== 0n) return { problem: 'cents' };
  if (most !== undefined && micros > most) return { problem: 'over' };
  if (micros < least) return { problem: 'too_small' };
  return { micros };
}
