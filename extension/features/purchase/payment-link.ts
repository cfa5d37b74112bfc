// Where an open purchase is paid: only an address that a browser opens safely.
import type { Purchase } from '../../../shared/account.ts';

/** Null while nothing is to pay, or when the address is neither https nor this machine's own. */
export function payable({ status, payment_url }: Pick<Purchase, 'status' | 'payment_url'>): string | null {
  if (payment_url === null || (status !== 'pending' && status !== 'created')) return null;
  return safeUrl(payment_url);
}

/** An address as it came, when it is https or loopback http; else null. */
export function safeUrl(text: string): string | null {
  const url = URL.parse(text);
  if (url === null) return null;
  const isLoopback = url.hostname === '127.0.0.1' || url.hostname === 'localhost';
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback) ? url.href : null;
}
