// The figures that operators may choose, with the rule book's defaults (rules.md section 17).
import type { Micros } from '../../shared/money.ts';
import { CARD_FEE_BPS } from '../../shared/fees.ts';
import { MICROS_PER_CREDIT } from '../../shared/money.ts';
import { DAY, HOUR, MINUTE, type Ms } from '../../shared/time.ts';

/**
 * A plan's pool over all models: `allowance` micros anew in each period, counted from 1970 UTC, or by the calendar
 * when `calendar` says so. The rest is what a comparison of plans tells.
 */
export interface PlanRule {
  allowance: Micros;
  period_ms: Ms;
  calendar?: 'weekly' | 'monthly';
  title?: string;
  /** Usage credits of a month, as the plan's page says it. */
  monthly?: Micros;
  /** Off the price of what goes beyond the pool, in basis points; applied by whoever prices usage. */
  discount_bps?: number;
  features?: readonly string[];
}

/** The current terms of use; their text is the API's to serve. */
export interface TermsRule {
  version: string;
  published_at: Ms;
}

export interface RuleConfig {
  /** Card fee in basis points, on top (M4). */
  fee_bps: bigint;
  /** How far below zero a paying account may go (section 7). */
  allowance: Micros;
  /** Both grace windows (section 8). */
  grace_ms: Ms;
  hold_ms: Ms;
  /** Longest life of a hold that is extended while provisioning. */
  hold_max_ms: Ms;
  /** How long a provider may take to confirm that something has stopped. */
  termination_ms: Ms;
  /** Until when a purchase can be paid (section 9). */
  purchase_open_ms: Ms;
  /** Purchased credits expire after this; null for never. */
  purchase_ttl_ms: Ms | null;
  /** Card-funded credits are withdrawable after this. */
  card_hold_ms: Ms;
  /** Life of the lot that replaces an expired or charged-back one in a refund. */
  refund_lot_ms: Ms;
  min_withdrawal: Micros;
  /** From this amount up a withdrawal needs two approvers. */
  second_approver_from: Micros;
  /** Address under which payments are made: `payment_url` is `<public_url>/pay/<purchase id>`. */
  public_url: string;
  /** Plans of IO Intelligence by name; an account starts on `standard`. */
  plans: Record<string, PlanRule>;
  terms: TermsRule;
  /** A change of wallets this long before a withdrawal flags it. */
  address_change_ms: Ms;
  /** How long before credit expires its owner is told. */
  expiry_notice_ms: Ms;
}

export const DEFAULT_RULES: RuleConfig = {
  fee_bps: CARD_FEE_BPS,
  allowance: 10n * MICROS_PER_CREDIT,
  grace_ms: 5 * MINUTE,
  hold_ms: 15 * MINUTE,
  hold_max_ms: DAY,
  termination_ms: HOUR,
  purchase_open_ms: DAY,
  purchase_ttl_ms: null,
  card_hold_ms: 0,
  refund_lot_ms: 30 * DAY,
  min_withdrawal: MICROS_PER_CREDIT,
  second_approver_from: 1000n * MICROS_PER_CREDIT,
  public_url: 'http://127.0.0.1:4700',
  // The monthly allowances of the plan page, spread over their refreshes of a 30-day month.
  plans: {
    standard: { title: 'Standard', allowance: 50_000n, period_ms: DAY },
    professional: {
      title: 'Professional',
      allowance: (15n * MICROS_PER_CREDIT) / 30n,
      period_ms: DAY,
      monthly: 15n * MICROS_PER_CREDIT,
    },
    developer: {
      title: 'Developer',
      allowance: (150n * MICROS_PER_CREDIT) / 90n,
      period_ms: 8 * HOUR,
      monthly: 150n * MICROS_PER_CREDIT,
      discount_bps: 1000,
    },
  },
  terms: { version: '2025-11-01', published_at: Date.parse('2025-11-01T00:00:00.000Z') },
  address_change_ms: DAY,
  expiry_notice_ms: 3 * DAY,
};
