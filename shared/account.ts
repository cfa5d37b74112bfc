// What a book says about money: sections of the replicated document, as schemas that both ends check.
// Amounts are decimal texts in credits; `at`-like fields of entries are ms, all other times RFC 3339.
import * as z from 'zod/mini';
import { amount, count, instant, orNull, orZero, text } from './fields.ts';

/** Entry types a person sees, as the contract lists them. */
export const ENTRY_TYPES = [
  'purchase',
  'bd_grant',
  'usage',
  'refund',
  'incentive',
  'expiry',
  'withdrawal',
  'adjustment',
  'correction',
  'chargeback',
  'refused',
] as const;

/** A money entry or a refusal: `n` counts them without gaps, `amount` is signed, `balance` is the posted total after it. */
export const Entry = z.object({
  n: count,
  id: text(64),
  at: count,
  service: text(32),
  type: text(32),
  amount,
  balance: amount,
  status: text(32),
  ref: z.optional(text(128)),
  intent: z.optional(text(64)),
  code: z.optional(text(64)),
});
export type Entry = z.infer<typeof Entry>;

/** Why an account is suspended (rules.md section 8). */
export const SUSPENSIONS = ['unpaid', 'chargeback'] as const;
export type Suspension = (typeof SUSPENSIONS)[number];

/** `GET /credits`: `balance` is "posted" of rules.md section 2, `seq` the journal row it is true at. */
export const Credits = z.object({
  balance: amount,
  available: amount,
  available_by_service: z.record(text(32), amount),
  held: amount,
  reserved: amount,
  debt: amount,
  restricted: amount,
  frozen: amount,
  withdrawable: amount,
  allowance: amount,
  state: z.enum(['active', 'grace', 'suspended', 'closed']),
  /** While suspended: `unpaid` ends with the debt, `chargeback` by finance only. A ledger of before left it out. */
  suspended_for: z.optional(z.enum(SUSPENSIONS)),
  grace_until: z.nullable(instant),
  next_change_at: z.nullable(instant),
  expiring: z.array(z.object({ amount, at: instant })).check(z.maxLength(50)),
  /** Card fee in basis points, on top; left out while it is the usual one (CARD_FEE_BPS). */
  card_fee_bps: z.optional(count),
  seq: count,
});
export type Credits = z.infer<typeof Credits>;

/** How far this book is: last journal row, last entry, and the hash chain's end (hex). */
export const Head = z.object({ seq: count, n: count, hash: text(64) });
export type Head = z.infer<typeof Head>;

/** What became of a proposal: the journal row that answered it, with the reason when refused. */
export const Answer = z.object({ intent: text(64), seq: count, code: z.optional(text(64)) });
export type Answer = z.infer<typeof Answer>;

export const PURCHASE_STATES = [
  'created',
  'pending',
  'settled',
  'failed',
  'expired',
  'charged_back',
] as const;

/** A purchase as its buyer sees it; `total` is what is paid, `payment_url` null once nothing is to pay. */
export const Purchase = z.object({
  id: text(64),
  status: z.enum(PURCHASE_STATES),
  method: z.enum(['card', 'usdc', 'io_coin']),
  credits: amount,
  fee: orZero,
  total: amount,
  payment_url: orNull(text(2048)),
  created_at: instant,
});
export type Purchase = z.infer<typeof Purchase>;
/** As it stands in the book: what the schema fills in is left out. */
export type BookPurchase = z.input<typeof Purchase>;

export const WITHDRAWAL_STATES = [
  'requested',
  'in_review',
  'approved',
  'processing',
  'paid',
  'cancelled',
  'rejected',
  'failed',
] as const;

/** A withdrawal as its owner sees it; `due_by` is the last day of the promised review. */
export const Withdrawal = z.object({
  id: text(64),
  status: z.enum(WITHDRAWAL_STATES),
  amount,
  wallet_address: text(128),
  requested_at: instant,
  due_by: instant,
  tx_url: orNull(text(2048)),
  reason: orNull(text(500)),
});
export type Withdrawal = z.infer<typeof Withdrawal>;
/** As it stands in the book: what the schema fills in is left out. */
export type BookWithdrawal = z.input<typeof Withdrawal>;
