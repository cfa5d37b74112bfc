// Answers as the description shows them. What they are made of is settled in shared/account.ts and the ledger.
import { z } from '@hono/zod-openapi';
import { PAY_METHODS } from '../../shared/fees.ts';

const amount = z.string().openapi({ pattern: '^-?\\d{1,13}(\\.\\d{1,6})?$', example: '12.5' });
const instant = z.string().openapi({ format: 'date-time' });

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
    grace_until: instant.nullable(),
    next_change_at: instant.nullable(),
    expiring: z.array(z.object({ amount, at: instant })),
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
