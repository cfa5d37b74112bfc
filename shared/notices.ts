// The Notification Center's items: codes and facts, no sentences; the screens word them.
import * as z from 'zod/mini';
import { instant, maybeInstant, orNull, text } from './fields.ts';

const PRIORITIES = ['info', 'error', 'success', 'critical', 'promo'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Characters of one fact. */
export const MAX_FACT = 256;

/** Every notice there is, with its topic and priority. */
export const NOTICES = {
  refund_arrived: { topic: 'credits', priority: 'success' },
  purchase_settled: { topic: 'credits', priority: 'success' },
  purchase_failed: { topic: 'credits', priority: 'error' },
  purchase_charged_back: { topic: 'credits', priority: 'critical' },
  promo_received: { topic: 'credits', priority: 'promo' },
  promo_expiring: { topic: 'credits', priority: 'promo' },
  promo_expired: { topic: 'credits', priority: 'promo' },
  withdrawal_approved: { topic: 'withdrawals', priority: 'success' },
  withdrawal_rejected: { topic: 'withdrawals', priority: 'error' },
  withdrawal_paid: { topic: 'withdrawals', priority: 'success' },
  withdrawal_failed: { topic: 'withdrawals', priority: 'error' },
  grace_started: { topic: 'account', priority: 'critical' },
  grace_ended: { topic: 'account', priority: 'success' },
  account_suspended: { topic: 'account', priority: 'critical' },
  deployment_unpaid: { topic: 'clusters', priority: 'critical' },
  deployment_failed: { topic: 'clusters', priority: 'error' },
  deployment_ended: { topic: 'clusters', priority: 'info' },
  plan_exhausted: { topic: 'plan', priority: 'error' },
  alert_balance: { topic: 'alerts', priority: 'error' },
  alert_runway: { topic: 'alerts', priority: 'error' },
  alert_plan: { topic: 'alerts', priority: 'info' },
  alert_spend: { topic: 'alerts', priority: 'info' },
  terms_updated: { topic: 'terms', priority: 'info' },
} as const;
export type NoticeCode = keyof typeof NOTICES;

/**
 * `code` is one of NOTICES (an unknown one is a later server's), `subject` the id of what it is about, `facts` the
 * values that its sentence needs: amounts as decimal texts, instants as RFC 3339.
 */
const Fields = z.object({
  id: text(64),
  code: text(64),
  topic: z.optional(text(32)),
  priority: z.optional(z.enum(PRIORITIES)),
  created_at: instant,
  seen_at: maybeInstant,
  subject: orNull(text(128)),
  facts: z.record(text(32), z.union([text(MAX_FACT), z.number()])),
});
type Fields = z.infer<typeof Fields>;
/** As it stands in the book: what the schema fills in is left out. */
export type BookNotice = z.input<typeof Fields>;
export type Notice = Fields & { topic: string; priority: Priority };
export const Notice = /* @__PURE__ */ z.pipe(
  Fields,
  /* @__PURE__ */ z.transform((notice: Fields): Notice => {
    const { topic, priority } = kindOf(notice.code);
    return { ...notice, topic: notice.topic ?? topic, priority: notice.priority ?? priority };
  }),
);

/** Topic and priority that a code stands for; those of one that this release does not know are the mildest. */
export function kindOf(code: string): { topic: string; priority: Priority } {
  const known: Record<string, { topic: string; priority: Priority }> = NOTICES;
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? { topic: 'account', priority: 'info' };
}
