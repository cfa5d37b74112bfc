// Round dollars without decimals, for chips and the grid of a chart: "$50", "50 $", "$1.5K".

/** Under ten dollars cents are kept, from a thousand on the figure is compact. */
export function wholeDollars(value: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    notation: value >= 1000 ? 'compact' : 'standard',
    minimumFractionDigits: 0,
    maximumFractionDigits: value >= 10 || value === 0 ? 0 : 2,
  }).format(value);
}
