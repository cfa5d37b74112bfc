// What the model refuses with, and how it reads and writes amounts (M2, M3).
import type { ModelAccount } from './model-account.ts';
import type { Act } from './step.ts';

export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export type Facts = Record<string, string | boolean>;
export type ActOf<V extends Act['verb']> = Extract<Act, { verb: V }>;

export const CREDIT = 1_000_000n;
export const CENT = 10_000n;
export const MAX_AMOUNT = 1_000_000n * CREDIT;
export const MAX_BALANCE = 1_000_000_000n * CREDIT;

export function check(holds: boolean, code: string): asserts holds {
  if (!holds) throw new Refused(code);
}

export function found<T>(thing: T | undefined, code: string): T {
  check(thing !== undefined, code);
  return thing;
}

/** M2, M3. */
export function micros(text: string, zero: 'refused' | 'allowed' = 'refused', max = MAX_AMOUNT): bigint {
  const [, whole, fraction = ''] = /^(0|[1-9][0-9]{0,12})(?:\.([0-9]+))?$/.exec(text) ?? [];
  check(whole !== undefined, 'invalid_amount');
  check(fraction.length <= 6, 'amount_precision');
  const value = BigInt(whole + fraction.padEnd(6, '0'));
  check(value <= max, 'amount_too_large');
  check(value > 0n || zero === 'allowed', 'invalid_amount');
  return value;
}

/** Why the amounts of an act cannot be read; null when they can. */
export function amountFault(act: Act): string | null {
  try {
    if ('amount' in act) micros(act.amount, act.verb === 'check' ? 'allowed' : 'refused');
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}

export function words(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(7, '0');
  const text = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '');
  return value < 0n ? `-${text}` : text;
}

export function runs(account: ModelAccount): void {
  check(account.state !== 'closed', 'account_closed');
  check(account.running, 'account_suspended');
}
