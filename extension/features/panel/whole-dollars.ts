// Round dollars without decimals, for chips and the grid of a chart: "$50", "50 $", "$1.5K".
import { formatter } from '../../ui/figures.ts';

/** Under ten dollars cents are kept, from a thousand on the figure is compact: "$2.50", "$50", "$1.5K", "−$10". */
export function wholeDollars(value: number, language: string): string {
  const size = Math.abs(value);
  const isCompact = size >= 1000;
  return formatter(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    notation: isCompact ? 'compact' : 'standard',
    minimumFractionDigits: isCompact || size >= 10 ? 0 : 2,
    maximumFractionDigits: isCompact ? 1 : size >= 10 ? 0 : 2,
    trailingZeroDisplay: 'stripIfInteger',
  })
    .format(value)
    .replace('-', '\u2212');
}
