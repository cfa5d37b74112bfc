// Alert thresholds as a person types them: which are on, and whether each is a number that the ledger takes. Pure.
import type { AlertKind, Thresholds } from '../../../shared/alerts.ts';
import { ALERT_KINDS } from '../../../shared/alerts.ts';
import { formatAmount, MAX_BALANCE, parseAmountOrZero } from '../../../shared/money.ts';
import { plainAmount } from '../panel/typed-amount.ts';

/** Null for off. */
export type TypedThresholds = Record<AlertKind, string | null>;

/** What a threshold starts with when it is switched on. */
export const SUGGESTED: Record<AlertKind, string> = {
  balance: '10',
  runway_hours: '12',
  plan_share: '80',
  spend_per_day: '25',
};

export function typedOf(thresholds: Thresholds): TypedThresholds {
  const { balance, runway_hours, plan_share, spend_per_day } = thresholds;
  const text = (value: string | number | null) => (value === null ? null : String(value));
  return {
    balance: text(balance),
    runway_hours: text(runway_hours),
    plan_share: text(plan_share),
    spend_per_day: text(spend_per_day),
  };
}

export const OFF: TypedThresholds = {
  balance: null,
  runway_hours: null,
  plan_share: null,
  spend_per_day: null,
};

function amountOf(text: string, isZeroOk: boolean): string | null {
  try {
    const micros = parseAmountOrZero(plainAmount(text), MAX_BALANCE);
    return micros === 0n && !isZeroOk ? null : formatAmount(micros);
  } catch {
    return null;
  }
}

function numberOf(
  text: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number | null {
  const plain = plainAmount(text);
  if (!/^\d{1,6}(\.\d{1,2})?$/.test(plain)) return null;
  const value = Number(plain);
  return value < least || value > most || (whole && !Number.isInteger(value)) ? null : value;
}

/** The thresholds to send, or the kinds whose number is none. */
export function readThresholds(typed: TypedThresholds): { thresholds: Thresholds } | { wrong: AlertKind[] } {
  const read = {
    balance: typed.balance === null ? null : amountOf(typed.balance, true),
    runway_hours:
      typed.runway_hours === null
        ? null
        : numberOf(typed.runway_hours, { least: 0.01, most: 8784, whole: false }),
    plan_share:
      typed.plan_share === null ? null : numberOf(typed.plan_share, { least: 1, most: 1000, whole: true }),
    spend_per_day: typed.spend_per_day === null ? null : amountOf(typed.spend_per_day, false),
  };
  const wrong = ALERT_KINDS.filter((kind) => typed[kind] !== null && read[kind] === null);
  return wrong.length > 0 ? { wrong } : { thresholds: read };
}
