// How pages write money and times.

const money = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
});

/** `$1,234.50` out of our own decimal text, exact to the last micro. */
export function dollars(amount: string): string {
  // Decimal texts are ours; Intl reads them without rounding through a float.
  return money.format(amount as `${number}`);
}

/** `2026-01-02 14:02 UTC` out of an RFC 3339 time. */
export function minute(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
