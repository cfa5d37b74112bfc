// Reads one amount of a checkout page, strictly: a text that could mean two things is no amount.
import { MAX_AMOUNT, type Micros } from '../../shared/money.ts';

/** `usd` is dollars, USDC and IO Credits, which are worth the same; `coin` is IO Coin. */
export type Unit = 'usd' | 'coin';

/** A number with nine decimals, as an integer, and its unit. */
export interface Amount {
  nanos: bigint;
  unit: Unit;
}

const NANOS_PER_MICRO = 1_000n;
const NANO = 1_000_000_000n;
const MAX_LENGTH = 40;

/** Whole digits plain or in groups of three, a point, at most nine decimals. */
const NUMBER = String.raw`((?:0|[1-9]\d{0,2}(?:,\d{3}){1,3}|[1-9]\d{0,9})(?:\.\d{1,9})?)`;
const DOLLARS = new RegExp(String.raw`^\$ ?${NUMBER}(?: USD)?$`, 'i');
const CREDITS = new RegExp(`^${NUMBER} (?:USDC|USD|(?:IO )?Credits?)$`, 'i');
const COIN_FIRST = new RegExp(String.raw`^\$IO ${NUMBER}$`, 'i');
const COINS = new RegExp(String.raw`^${NUMBER} (?:\$IO|IO Coins?)$`, 'i');
const RATE = new RegExp(
  String.raw`^(?:1 )?(?:IO Coin|\$IO) = (?:(?:${NUMBER} (?:USDC|USD))|\$${NUMBER})$`,
  'i',
);
const PER_HOUR = / ?\/ ?(?:hr|h|hour)$/i;

/** Spaces of all widths become plain ones; nothing else is forgiven. */
export function plainText(text: string): string {
  return text.replaceAll(/[\s\u00a0\u2000-\u200a\u202f\u205f]+/g, ' ').trim();
}

function nanosOf(digits: string): bigint {
  const [whole = '', fraction = ''] = digits.replaceAll(',', '').split('.');
  return BigInt(whole) * NANO + BigInt(fraction.padEnd(9, '0'));
}

/** `0.721 USDC`, `$28.69`, `1,234.50 IO Credits`, `$IO 355.068`; null for all else: prices per hour, ranges, no unit. */
export function parseAmount(text: string): Amount | null {
  if (text.length > MAX_LENGTH) return null;
  const plain = plainText(text);
  const usd = DOLLARS.exec(plain)?.[1] ?? CREDITS.exec(plain)?.[1];
  if (usd !== undefined) {
    const nanos = nanosOf(usd);
    // Credits and USDC have six decimals: more are another thing.
    return nanos % NANOS_PER_MICRO === 0n ? { nanos, unit: 'usd' } : null;
  }
  const coin = COIN_FIRST.exec(plain)?.[1] ?? COINS.exec(plain)?.[1];
  return coin === undefined ? null : { nanos: nanosOf(coin), unit: 'coin' };
}

/** `1.337 USDC/hr`: a price per hour; null when it is none. */
export function parseHourly(text: string): Amount | null {
  const plain = plainText(text);
  return PER_HOUR.test(plain) ? parseAmount(plain.replace(PER_HOUR, '')) : null;
}

/** `IO COIN = 0.80 USDC`: dollars for one coin in nanos; null when it is no rate. */
export function parseRate(text: string): bigint | null {
  if (text.length > MAX_LENGTH) return null;
  const match = RATE.exec(plainText(text));
  const digits = match?.[1] ?? match?.[2];
  return digits === undefined || nanosOf(digits) === 0n ? null : nanosOf(digits);
}

const UNIT_HOURS: Record<string, number> = { h: 1, hr: 1, hour: 1, day: 24, week: 168, month: 720 };
const TIME = /^([1-9]\d{0,4}) ?(?:(\/hr)|(h|hr|hour|day|week|month)s?)?$/i;

/** `75/hr`, `168 hours`, `3 Days` in hours; a bare number only where the label says that it is hours. */
export function parseHours(text: string, isHours: boolean): number | null {
  const match = TIME.exec(plainText(text));
  if (!match?.[1]) return null;
  const unit = match[2] ? 'h' : match[3]?.toLowerCase();
  if (unit === undefined) return isHours ? Number(match[1]) : null;
  return Number(match[1]) * (UNIT_HOURS[unit] ?? 1);
}

/** What an amount is worth in credits, rounded up to micros; null without the rate it needs, for nothing and too much. */
export function worth({ nanos, unit }: Amount, rate: bigint | null): Micros | null {
  if (unit === 'coin' && rate === null) return null;
  const scaled = unit === 'coin' ? nanos * (rate ?? 0n) : nanos * NANO;
  const step = NANOS_PER_MICRO * NANO;
  const micros = (scaled + step - 1n) / step;
  return micros > 0n && micros <= MAX_AMOUNT ? micros : null;
}
