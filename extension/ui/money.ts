// How amounts of credits are written for a person: dollars by Intl, two decimals, never more than is there.
import {
  ceilToCent,
  formatAmount,
  type Micros,
  MICROS_PER_CENT,
  MICROS_PER_CREDIT,
} from '../../shared/micros.ts';

const MINUS = '\u2212';

type Kind = 'balance' | 'movement' | 'exact';
const OPTIONS: Record<Kind, Intl.NumberFormatOptions> = {
  balance: { roundingMode: 'floor', signDisplay: 'negative' },
  movement: { roundingMode: 'floor', signDisplay: 'exceptZero' },
  exact: { maximumFractionDigits: 6 },
};

const formatters = new Map<string, Intl.NumberFormat>();
/** Building a formatter costs 100 times its use. */
function formatter(language: string, kind: Kind): Intl.NumberFormat {
  const key = `${language} ${kind}`;
  const known = formatters.get(key);
  if (known) return known;
  const dollars = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;
  const made = new Intl.NumberFormat(language, { ...dollars, ...OPTIONS[kind] });
  formatters.set(key, made);
  return made;
}

/** Our own canonical decimal text, which Intl formats exactly; its type only knows literals. */
const exactly = (micros: Micros) => formatAmount(micros) as Intl.StringNumericLiteral;

const withMinus = (part: Intl.NumberFormatPart) =>
  part.type === 'minusSign' ? { type: part.type, value: MINUS } : part;

function parts(
  micros: Micros,
  language: string,
  kind: 'balance' | 'movement',
): { type: string; value: string }[] {
  const tiny = micros !== 0n && micros > -MICROS_PER_CENT && micros < MICROS_PER_CENT;
  const shown = tiny ? (micros < 0n ? -MICROS_PER_CENT : MICROS_PER_CENT) : micros;
  const formatted = formatter(language, kind).formatToParts(exactly(shown)).map(withMinus);
  if (!tiny) return formatted;
  const at = formatted.findIndex((part) => part.type !== 'minusSign' && part.type !== 'plusSign');
  return formatted.toSpliced(at, 0, { type: 'literal', value: '<' });
}

const joined = (list: { value: string }[]) => list.map((part) => part.value).join('');

/** A balance, rounded down to cents: "$106.40", "−$3.20", "<$0.01". */
export function formatBalance(micros: Micros, language: string): string {
  return joined(parts(micros, language, 'balance'));
}

/** A price to pay, rounded up to cents: "$8.25" for 8.240001. */
export function formatPrice(micros: Micros, language: string): string {
  return joined(parts(ceilToCent(micros), language, 'balance'));
}

/** A movement, with its sign: "+$1.80", "−$8.96". */
export function formatMovement(micros: Micros, language: string): string {
  return joined(parts(micros, language, 'movement'));
}

/** A balance around its decimals, which a large number draws more quietly: `{whole: "$106", cents: ".40", after: ""}`. */
export function splitBalance(
  micros: Micros,
  language: string,
): { whole: string; cents: string; after: string } {
  const all = parts(micros, language, 'balance');
  const at = all.findIndex((part) => part.type === 'decimal');
  return {
    whole: joined(all.slice(0, at)),
    cents: joined(all.slice(at, at + 2)),
    after: joined(all.slice(at + 2)),
  };
}

/** The exact figure, up to six decimals, for a title: "$106.400113". */
export function formatExact(micros: Micros, language: string): string {
  return joined(formatter(language, 'exact').formatToParts(exactly(micros)).map(withMinus));
}

/** At most four characters for the toolbar: "$42", "1.2k", "-$3", "<$1"; cut towards zero, ASCII minus. */
export function formatToolbar(micros: Micros): string {
  const sign = micros < 0n ? '-' : '';
  const dollars = Number((micros < 0n ? -micros : micros) / MICROS_PER_CREDIT);
  if (dollars === 0) return micros === 0n ? '$0' : sign ? '<$0' : '<$1';
  const room = 4 - sign.length;
  const candidates = [`$${dollars}`, String(dollars)];
  for (const [size, unit] of UNITS) {
    const tenths = Math.floor((dollars / size) * 10);
    const fraction = tenths % 10 === 0 ? '' : `.${tenths % 10}`;
    if (tenths >= 10)
      candidates.push(`${Math.floor(tenths / 10)}${fraction}${unit}`, `${Math.floor(tenths / 10)}${unit}`);
    else if (tenths > 0) candidates.push(`${fraction}${unit}`);
  }
  // Below 1,000 a number stands alone only where the sign takes the room of "$".
  const fitting = candidates.find((text) => text.length <= room && (dollars < 1_000 || !/^\d+$/.test(text)));
  return `${sign}${fitting ?? '?'}`;
}

const UNITS = [
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'B'],
] as const;
