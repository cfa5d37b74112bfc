// Figures beyond those of the popup: tokens, and hours that are booked.
import { formatter, hourWord } from './figures.ts';

const SPACE = '\u00a0';

/** "5.1M", "800k", "940": compact in English letters, as everywhere in the field; the caller adds the word. */
export function formatCompact(count: number, language: string): string {
  const digits = count < 1000 ? 0 : 1;
  const [value, unit] =
    count >= 999_950_000
      ? [count / 1e9, 'B']
      : count >= 999_950
        ? [count / 1e6, 'M']
        : count >= 1000
          ? [count / 1e3, 'k']
          : [count, ''];
  return `${formatter(language, { maximumFractionDigits: digits }).format(value)}${unit}`;
}

/** "24 h": hours that are booked. */
export function formatWholeHours(hours: number, language: string): string {
  return `${formatter(language, { maximumFractionDigits: 0 }).format(hours)}${SPACE}${hourWord(language)}`;
}

/** "4.5" of basis points; the text around it has the sign. */
export function formatPercent(basisPoints: bigint, language: string): string {
  return formatter(language, { maximumFractionDigits: 2 }).format(Number(basisPoints) / 100);
}
