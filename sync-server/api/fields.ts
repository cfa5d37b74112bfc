// The fields that requests are made of: each parses what a caller sent, or says which problem it is.
import { z } from '@hono/zod-openapi';
import { CALLER_ID } from '../../shared/ids.ts';
import { AmountError, MAX_BALANCE, type Micros, parseAmount, parseAmountOrZero } from '../../shared/money.ts';
import { type Ms, parseRfc3339 } from '../../shared/time.ts';
import { SERVICES } from '../ledger/command.ts';

const AMOUNT_DOC = {
  type: 'string',
  pattern: '^(0|[1-9]\\d{0,12})(\\.\\d{1,6})?$',
  example: '12.50',
} as const;

function amount(parse: (input: unknown) => Micros) {
  return z
    .unknown()
    .transform((input, context): Micros => {
      try {
        return parse(input);
      } catch (error) {
        if (!(error instanceof AmountError)) throw error;
        context.addIssue({ code: 'custom', message: error.message, params: { problem: error.code } });
        return z.NEVER;
      }
    })
    .openapi(AMOUNT_DOC);
}

/** Credits as a decimal text, more than zero (rules.md M2); in micros. */
export const Amount = amount((input) => parseAmount(input));
/** Money that has arrived: a card's fee comes on top of the largest purchase, and none is turned away for its size. */
export const Received = amount((input) => parseAmount(input, MAX_BALANCE));
/** As Amount, zero allowed: a question may be about nothing. */
export const AmountOrZero = amount((input) => parseAmountOrZero(input));

// Control characters have no business in a name, and some stores refuse them.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** A text that every store, log and screen can take: well-formed, no control characters, 1 to `max` long. */
export function Text(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.isWellFormed() && !CONTROL.test(text), 'must be plain text on one line');
}

/** A field that may be left out. Then it is absent and never undefined, as JSON knows no such value. */
export function Maybe<T extends z.ZodType>(schema: T): z.ZodExactOptional<T> {
  // The description's library knows `optional` only; of what JSON can say, both take the same.
  return schema.optional() as unknown as z.ZodExactOptional<T>;
}

/** An id that a caller supplies. */
export const CallerId = z.string().regex(CALLER_ID, 'must be 1 to 64 of A-Z a-z 0-9 . _ : -');
/** An account: any id, so that a foreign one is simply not found. */
export const AccountId = CallerId;
export const ServiceName = z.enum(SERVICES);

/** An RFC 3339 instant; in ms. */
export const Instant = z
  .string()
  .max(40)
  .transform((text, context): Ms => {
    const at = parseRfc3339(text);
    if (at !== null) return at;
    context.addIssue('must be a time such as 2026-01-01T00:00:00.000Z');
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time' });

/** An https address. */
export const HttpsUrl = z
  .string()
  .max(2048)
  .refine((text) => URL.canParse(text) && new URL(text).protocol === 'https:', 'must be an https address')
  .refine((text) => text.isWellFormed(), 'must be an https address')
  .openapi({ type: 'string', format: 'uri' });

/** A wallet's address on any of the chains paid out to: base58, hex or bech32. */
export const WalletAddress = z.string().regex(/^[A-Za-z0-9]{26,64}$/, 'must be a wallet address');

/** As Amount, with a sign: what an adjustment moves. */
export const SignedAmount = amount((input) =>
  typeof input === 'string' && input.startsWith('-') ? -parseAmount(input.slice(1)) : parseAmount(input),
).openapi({ ...AMOUNT_DOC, pattern: '^-?(0|[1-9]\\d{0,12})(\\.\\d{1,6})?$' });

const MAX_PAGE = 200;
/** Where a list goes on (`next_cursor` of the answer before) and how many it gives at once. */
export const Paging = {
  cursor: CallerId.optional(),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `must be 1 to ${MAX_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_PAGE, `must be 1 to ${MAX_PAGE}`)
    .default(50)
    .openapi({ type: 'integer', minimum: 1, maximum: MAX_PAGE }),
};
