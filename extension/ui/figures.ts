// How figures other than money are written: hours, percent, tokens, counts, prices per hour.
import type { Micros } from '../../shared/micros.ts';
import type { Ms } from '../../shared/time.ts';
import { HOUR } from '../../shared/time.ts';
import { formatPrice } from './money.ts';

const SPACE = '\u00a0';
const HOUR_WORD: Record<string, string> = { de: 'Std.' };
export const hourWord = (language: string) => HOUR_WORD[language] ?? 'h';

const formatters = new Map<string, Intl.NumberFormat>();
/** A formatter; building one costs 100 times its use. */
export function formatter(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formatters.get(key) ?? new Intl.NumberFormat(language, options);
  formatters.set(key, known);
  return known;
}

/** "151.3 h", floored to tenths: what was served. */
export function formatHours(time: Ms, language: string): string {
  const tenths = Math.floor((time / HOUR) * 10) / 10;
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${formatter(language, digits).format(tenths)}${SPACE}${hourWord(language)}`;
}

/** "$1.24/h", a price: rounded up to cents. */
export function formatRate(perHour: Micros, language: string): string {
  return `${formatPrice(perHour, language)}/${hourWord(language)}`;
}

/** Whole percent of `percent`: "46%", "<1%", "112%"; in German "46 %". */
export function formatPercent(percent: number, language: string): string {
  const options: Intl.NumberFormatOptions = {
    style: 'percent',
    maximumFractionDigits: 0,
    roundingMode: 'floor',
  };
  // A hundredth of a percent against sums like 99.99999999.
  if (percent > 0 && percent < 0.995) return `<${formatter(language, options).format(0.01)}`;
  return formatter(language, options).format((percent + 0.005) / 100);
}

/** "10,482" */
export function formatCount(count: number, language: string): string {
  return formatter(language, { maximumFractionDigits: 0 }).format(count);
}

/** "RTX 4090 ×2" */
export function formatDevice(device: string, quantity: number): string {
  return `${device}${SPACE}×${quantity}`;
}
