// The balance over the last seven days as points, from the days that the book keeps and from the last entries.
import type { Entry } from '../../../shared/account.ts';
import { type Micros, MICROS_PER_CENT, readBalance } from '../../../shared/money.ts';
import type { Spend } from '../../../shared/spend.ts';
import { DAY, HOUR, type Ms } from '../../../shared/time.ts';

const SPAN: Ms = 7 * DAY;
const STEP: Ms = 6 * HOUR;

export interface BalancePoint {
  at: Ms;
  /** Cents: a picture needs no more, and no number loses any. */
  value: number;
}

export interface BalanceLine {
  points: BalancePoint[];
  /** Top-ups: the point at which each is in, and what came. */
  tops: { index: number; amount: Micros }[];
}

const cents = (text: string) => Number(readBalance(text) / MICROS_PER_CENT);

/** One point per six hours and one for now; before the first known balance there is none. */
export function balanceLine(
  book: { balance: string; spend: Spend | null; recent: readonly Entry[] },
  now: Ms,
): BalanceLine {
  const known = [
    // A day's balance is that at its end.
    ...(book.spend?.days ?? []).map(({ day, balance }) => ({ at: Date.parse(day) + DAY - 1, balance })),
    ...book.recent.map(({ at, balance }) => ({ at, balance })),
  ]
    .filter(({ at }) => at < now)
    .toSorted((a, b) => a.at - b.at);
  const points: BalancePoint[] = [];
  let next = 0;
  let last: string | null = null;
  for (let at = now - SPAN; at < now; at += STEP) {
    for (let one = known[next]; one && one.at <= at; one = known[next]) {
      last = one.balance;
      next += 1;
    }
    if (last !== null) points.push({ at, value: cents(last) });
  }
  if (points.length > 0 || known.length > 0) points.push({ at: now, value: cents(book.balance) });
  const tops = book.recent
    .filter(({ at, type }) => type === 'purchase' && at >= (points[0]?.at ?? now))
    .map(({ at, amount }) => ({
      index: points.findIndex((point) => point.at >= at),
      amount: readBalance(amount),
    }))
    .filter(({ index }) => index >= 0);
  return { points, tops };
}
