// What was spent, by service, over a day, a week or a month of the account's calendar, and over the one before. Pure.
import type { Entry } from '../../../shared/account.ts';
import { type Micros, readBalance } from '../../../shared/money.ts';
import type { Spend } from '../../../shared/spend.ts';
import { DAY, HOUR, type Ms, toRfc3339 } from '../../../shared/time.ts';
import { lastDays } from '../../ui/calendar.ts';
import { startOfDay } from '../../ui/days.ts';
import { type Place } from '../../ui/time.ts';

export const PERIODS = ['day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/** Services by what was spent on them; refunds are deducted. */
export type ByService = Map<string, Micros>;

export interface Slot {
  start: Ms;
  by: ByService;
}

const DAYS: Record<Exclude<Period, 'day'>, number> = { week: 7, month: 30 };
const HOURS_PER_BAR = 2;

/** Starts of the bars of a period that ends with today, oldest first. */
export function slotStarts(period: Period, now: Ms, place: Place): Ms[] {
  if (period === 'day') {
    const today = startOfDay(now, place);
    const bars = Math.ceil(24 / HOURS_PER_BAR);
    return Array.from({ length: bars }, (_, index) => today + index * HOURS_PER_BAR * HOUR);
  }
  return lastDays(now, DAYS[period], place);
}

/** When the period before begins: the same number of days earlier. */
export function startBefore(period: Period, starts: readonly Ms[], place: Place): Ms {
  const first = starts[0] ?? 0;
  return lastDays(first, (period === 'day' ? 1 : DAYS[period]) + 1, place)[0] ?? 0;
}

function isSpending({ type }: Entry): boolean {
  return type === 'usage' || type === 'refund';
}

/** What entries (newest first) cost in each slot; the last slot goes up to now. */
export function spendOf(entries: readonly Entry[], starts: readonly Ms[]): Slot[] {
  const slots: Slot[] = starts.map((start) => ({ start, by: new Map() }));
  let index = slots.length - 1;
  for (const entry of entries) {
    while (index >= 0 && entry.at < (slots[index]?.start ?? 0)) index -= 1;
    const slot = slots[index];
    if (!slot) break;
    if (isSpending(entry)) add(slot.by, entry.service, -readBalance(entry.amount));
  }
  return slots;
}

/** All that entries cost from an instant up to another. */
export function spentBetween(entries: readonly Entry[], from: Ms, until: Ms): Micros {
  let sum = 0n;
  for (const entry of entries) {
    if (entry.at < from) break;
    if (entry.at < until && isSpending(entry)) sum -= readBalance(entry.amount);
  }
  return sum;
}

/** The week from the days that the book keeps, while its entries are not read: days of UTC, that end with today's. */
export function spendOfUtcDays(spend: Spend, now: Ms): Slot[] {
  const known = new Map(spend.days.map(({ day, spent }) => [day, spent]));
  const last = Math.floor(now / DAY) * DAY;
  return Array.from({ length: DAYS.week }, (_, index) => {
    const start = last - (DAYS.week - 1 - index) * DAY;
    const spent = Object.entries(known.get(toRfc3339(start).slice(0, 10)) ?? {});
    return { start, by: new Map(spent.map(([service, amount]) => [service, readBalance(amount)])) };
  });
}

function add(by: ByService, service: string, amount: Micros): void {
  by.set(service, (by.get(service) ?? 0n) + amount);
}

/**
 * Whole percents of the positive sums that add up to 100: the largest remainders are rounded up. What rounds to nothing
 * is 0.5, which is written "<1%".
 */
export function wholeShares(sums: readonly Micros[]): number[] {
  const total = sums.reduce((sum, each) => (each > 0n ? sum + each : sum), 0n);
  if (total === 0n) return sums.map(() => 0);
  const exact = sums.map((each) => (each > 0n ? Number((each * 1_000_000n) / total) / 10_000 : 0));
  const missing = 100 - exact.reduce((sum, share) => sum + Math.floor(share), 0);
  const up = new Set(
    exact
      .map((share, index) => ({ index, rest: share - Math.floor(share) }))
      .toSorted((a, b) => b.rest - a.rest)
      .slice(0, missing)
      .map(({ index }) => index),
  );
  return exact.map((share, index) => {
    const whole = Math.floor(share) + (up.has(index) ? 1 : 0);
    return whole === 0 && share > 0 ? 0.5 : whole;
  });
}

/** Sums of all slots, most first. A service that gave back all that it took has a sum too: its bars are drawn. */
export function totals(slots: readonly Slot[]): [string, Micros][] {
  const sums: ByService = new Map();
  for (const { by } of slots)
    for (const [service, amount] of by) if (amount !== 0n) add(sums, service, amount);
  return [...sums].sort(([, a], [, b]) => (a > b ? -1 : a < b ? 1 : 0));
}
