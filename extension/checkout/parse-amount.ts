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

// One pattern for numbers, and words by comparison: a pattern for both takes a page's main thread a third of a ms to make
// ready. In small letters no other letter becomes one of these words.
/** Whole digits plain or in groups of three, a point, at most nine decimals. */
const NUMBER = /^(?:0|[1-9]\d{0,2}(?:,\d{3}){1,3}|[1-9]\d{0,9})(?:\.\d{1,9})?$/;
const DOLLARS = new Set<string | undefined>(['usdc', 'usd']);
const CREDITS = new Set(['credits', 'credit', 'io credits', 'io credit']);
const COINS = new Set(['$io', 'io coin', 'io coins']);
const RATED = new Set(['io coin', '$io', '1 io coin', '1 $io']);
const PER_HOUR = / ?\/ ?(?:hr|h|hour)$/i;

/** Spaces of all widths become plain ones; nothing else is forgiven. */
export function plainText(text: string): string {
  return text.replaceAll(/[\s\u00a0\u2000-\u200a\u202f\u205f]+/g, ' ').trim();
}

/** A number, as nanos; null for a text that is none. */
function nanosOf(digits: string): bigint | null {
  if (!NUMBER.test(digits)) return null;
  const [whole = '', fraction = ''] = digits.replaceAll(',', '').split('.');
  return BigInt(whole) * NANO + BigInt(fraction.padEnd(9, '0'));
}

/** `0.721 USDC`, `$28.69`, `1,234.50 IO Credits`, `$IO 355.068`; null for all else: prices per hour, ranges, no unit. */
export function parseAmount(text: string): Amount | null {
  if (text.length > MAX_LENGTH) return null;
  const parts = inParts(plainText(text).toLowerCase());
  const nanos = parts && nanosOf(parts.digits);
  if (!parts || nanos === null) return null;
  const { unit } = parts;
  // Credits and USDC have six decimals: more are another thing.
  return unit === 'coin' || nanos % NANOS_PER_MICRO === 0n ? { nanos, unit } : null;
}

/** A text in small letters as what should be digits, and their unit. */
function inParts(small: string): { digits: string; unit: Unit } | null {
  if (small.startsWith('$io ')) return { digits: small.slice(4), unit: 'coin' };
  if (small.startsWith('$')) {
    const digits = small.slice(small[1] === ' ' ? 2 : 1);
    return { digits: digits.endsWith(' usd') ? digits.slice(0, -4) : digits, unit: 'usd' };
  }
  const [digits = '', ...words] = small.split(' ');
  const word = words.join(' ');
  if (COINS.has(word)) return { digits, unit: 'coin' };
  return DOLLARS.has(word) || CREDITS.has(word) ? { digits, unit: 'usd' } : null;
}

/** `1.337 USDC/hr`: a price per hour; null when it is none. */
export function parseHourly(text: string): Amount | null {
  const plain = plainText(text);
  return PER_HOUR.test(plain) ? parseAmount(plain.replace(PER_HOUR, '')) : null;
}

/** `IO COIN = 0.80 USDC`: dollars for one coin in nanos; null when it is no rate. */
export function parseRate(text: string): bigint | null {
  if (text.length > MAX_LENGTH) return null;
  const [coin = '', price = '', ...more] = plainText(text).toLowerCase().split(' = ');
  if (!RATED.has(coin) || more.length > 0) return null;
  const [digits = '', word, ...behind] = price.split(' ');
  const isFirst = digits.startsWith('$');
  const isPrice = behind.length === 0 && (isFirst ? word === undefined : DOLLARS.has(word));
  // For nothing it is no rate.
  return (isPrice && nanosOf(isFirst ? digits.slice(1) : digits)) || null;
}

const UNIT_HOURS = new Map([
  ['h', 1],
  ['hr', 1],
  ['hour', 1],
  ['day', 24],
  ['week', 168],
  ['month', 720],
]);

/** `75/hr`, `168 hours`, `3 Days` in hours; a bare number only where the label says that it is hours. */
export function parseHours(text: string, isHours: boolean): number | null {
  const small = plainText(text).toLowerCase();
  const digits = /^[1-9]\d{0,4}/.exec(small)?.[0];
  if (digits === undefined) return null;
  const behind = small.slice(digits.length);
  const word = behind.startsWith(' ') ? behind.slice(1) : behind;
  if (word === '') return isHours ? Number(digits) : null;
  const unit = word === '/hr' ? 1 : UNIT_HOURS.get(word.endsWith('s') ? word.slice(0, -1) : word);
  return unit === undefined ? null : Number(digits) * unit;
}

/** What an amount is worth in credits, rounded up to micros; null without the rate it needs, for nothing and too much. */
export function worth({ nanos, unit }: Amount, rate: bigint | null): Micros | null {
  if (unit === 'coin' && rate === null) return null;
  const scaled = unit === 'coin' ? nanos * (rate ?? 0n) : nanos * NANO;
  const step = NANOS_PER_MICRO * NANO;
  const micros = (scaled + step - 1n) / step;
  return micros > 0n && micros <= MAX_AMOUNT ? micros : null;
}
