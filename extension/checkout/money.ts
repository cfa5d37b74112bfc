// Dollars as ui/money.ts writes them, without Intl: its first use costs a page 15 ms of its main thread.
import { ceilToCent, floorToCent, type Micros, MICROS_PER_CENT } from '../../shared/money.ts';

function dollars(cents: bigint, sign: string, language: string): string {
  const isGerman = language === 'de';
  const digits = cents.toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, isGerman ? '.' : ',');
  return isGerman ? `${sign}${whole},${digits.slice(-2)}\u00a0$` : `${sign}$${whole}.${digits.slice(-2)}`;
}

/** A balance, rounded down to cents: "$106.40", "−$3.20", "<$0.01". */
export function formatBalance(micros: Micros, language: string): string {
  const size = micros < 0n ? -micros : micros;
  const minus = micros < 0n ? '\u2212' : '';
  if (size !== 0n && size < MICROS_PER_CENT) return dollars(1n, `${minus}<`, language);
  const cents = floorToCent(micros) / MICROS_PER_CENT;
  return dollars(cents < 0n ? -cents : cents, minus, language);
}

/** A price to pay, rounded up to cents. */
export function formatPrice(micros: Micros, language: string): string {
  return formatBalance(ceilToCent(micros), language);
}
