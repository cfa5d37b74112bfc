// Answers as the description shows them. What they are made of is settled in shared/account.ts and the ledger.
import { z } from '@hono/zod-openapi';
import { ENTRY_TYPES, SUSPENSIONS, WITHDRAWAL_STATES } from '../../shared/account.ts';
import { PAY_METHODS } from '../../shared/fees.ts';
import { DECISIONS } from '../../shared/verdict.ts';

export const amount = z.string().openapi({ pattern: '^-?\\d{1,13}(\\.\\d{1,6})?$', example: '12.5' });
export const instant = z.string().openapi({ format: 'date-time' });

export const CreditsAnswer = z
  .object({
    balance: amount,
    available: amount,
    available_by_service: z.record(z.string(), amount),
    held: amount,
    reserved: amount,
    debt: amount,
    restricted: amount,
    frozen: amount,
    withdrawable: amount,
    allowance: amount,
    state: z.enum(['active', 'grace', 'suspended', 'closed']),
    suspended_for: z.enum(SUSPENSIONS).optional(),
    grace_until: instant.nullable(),
    next_change_at: instant.nullable(),
    expiring: z.array(z.object({ amount, at: instant })),
    card_fee_bps: z.number().int().optional(),
    seq: z.number().int(),
  })
  .openapi('Credits');

export const PurchaseAnswer = z
  .object({
    id: z.string(),
    status: z.string(),
    method: z.enum(PAY_METHODS),
    credits: amount,
    fee: amount,
    total: amount,
    payment_url: z.string().nullable(),
    created_at: instant,
  })
  .openapi('Purchase');

export const TopUpsAnswer = z
  .object({
    card: z.object({ credits: amount, fee: amount, total: amount }),
    crypto: z.object({ credits: amount, fee: amount, total: amount }),
  })
  .openapi('TopUps');

export const CheckAnswer = z
  .object({
    amount,
    available: amount,
    allowance: amount,
    sufficient: z.boolean(),
    shortfall: amount,
    decision: z.enum(DECISIONS),
    top_up: TopUpsAnswer,
    card_fee_bps: z.number().int(),
    seq: z.number().int(),
  })
  .openapi('Check');

export const WithdrawalAnswer = z
  .object({
    id: z.string(),
    status: z.enum(WITHDRAWAL_STATES),
    amount,
    wallet_address: z.string(),
    requested_at: instant,
    due_by: instant,
    tx_url: z.string().nullable(),
    reason: z.string().nullable(),
    approvals: z.array(z.string()),
  })
  .openapi('Withdrawal');

export const HoldAnswer = z
  .object({
    id: z.string(),
    status: z.enum(['authorized', 'pending_payment', 'captured', 'void', 'expired', 'failed']),
    amount,
    service: z.string(),
    expires_at: instant.optional(),
    captured: amount.optional(),
    charge_id: z.string().optional(),
    deadline: instant.optional(),
    shortfall: amount.optional(),
    top_up: TopUpsAnswer.optional(),
  })
  .openapi('Hold');

export const ChargeAnswer = z
  .object({ id: z.string(), amount, service: z.string(), status: z.string(), refunded: amount })
  .openapi('Charge');

export const RefundAnswer = z
  .object({ id: z.string(), charge_id: z.string(), amount, status: z.string() })
  .openapi('Refund');

export const GrantAnswer = z
  .object({
    id: z.string(),
    amount,
    source: z.string(),
    expires_at: instant.nullable(),
    services: z.array(z.string()).nullable(),
    priority: z.number(),
  })
  .openapi('Grant');

export const TransactionAnswer = z
  .object({
    n: z.number().int(),
    id: z.string(),
    at: instant,
    service: z.string(),
    type: z.string().openapi({ example: ENTRY_TYPES[0] }),
    amount,
    balance: amount,
    status: z.string(),
    ref: z.string().optional(),
    intent: z.string().optional(),
    code: z.string().optional(),
  })
  .openapi('Transaction');
