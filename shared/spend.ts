// What was spent on each of the last days, for sparklines and averages; exact history comes from pages.
import * as z from 'zod/mini';
import type { Entry } from './account.ts';
import { amount, count, instant, text } from './fields.ts';
import { formatAmount, readBalance } from './money.ts';
import { DAY, toRfc3339 } from './time.ts';

/** Days that a book keeps, today included. */
export const SPEND_DAYS = 8;

/** One UTC day: what each service cost (refunds deducted on the day they came), and the posted total at its end. */
export const SpendDay = z.object({
  day: text(10),
  spent: z.record(text(32), amount),
  balance: amount,
});
export type SpendDay = z.infer<typeof SpendDay>;

/**
 * Oldest first; a day on which nothing moved is left out. Not written with every entry: it is true at `as_of` and at
 * entry `n`, and what came later stands in the book's `recent` for certain; `spendNow` adds it.
 */
export const Spend = z.object({
  as_of: instant,
  n: z.optional(count),
  days: /* @__PURE__ */ z.array(SpendDay).check(z.maxLength(SPEND_DAYS)),
});
export type Spend = z.infer<typeof Spend>;

/** Whether an entry is spending: use, or what came back of it. */
export function isSpend(type: string): boolean {
  return type === 'usage' || type === 'refund';
}

type SpendEntry = Pick<Entry, 'n' | 'at' | 'type' | 'service' | 'amount' | 'balance'>;

function withEntry(day: SpendDay, { type, service, amount: signed, balance }: SpendEntry): SpendDay {
  if (!isSpend(type)) return { ...day, balance };
  const sum = readBalance(day.spent[service] ?? '0') - readBalance(signed);
  return { ...day, spent: { ...day.spent, [service]: formatAmount(sum) }, balance };
}

/** The section brought up to the last entry that the book's `recent` (oldest first) knows. */
export function spendNow(spend: Spend, recent: readonly SpendEntry[]): Spend {
  const days = new Map(spend.days.map((day) => [day.day, day]));
  let { n = Infinity } = spend;
  for (const entry of recent) {
    if (entry.n <= n || entry.type === 'refused') continue;
    n = entry.n;
    const name = toRfc3339(entry.at).slice(0, 10);
    days.set(name, withEntry(days.get(name) ?? { day: name, spent: {}, balance: entry.balance }, entry));
  }
  if (n === spend.n || spend.n === undefined) return spend;
  const last = Math.max(...[...days.keys()].map((day) => Date.parse(day)));
  const kept = [...days.values()].filter(({ day }) => Date.parse(day) > last - SPEND_DAYS * DAY);
  return { ...spend, n, days: kept };
}
