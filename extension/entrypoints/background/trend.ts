// The balance over the last seven days, one point per six hours: for a sparkline, so in plain numbers.
import * as v from 'valibot';
import { readBalance } from '../../../shared/money.ts';
import { DAY, HOUR, type Ms } from '../../../shared/time.ts';
import { SnapshotDay, SnapshotEntry, type SnapshotPoint } from '../../view/snapshot-schema.ts';

const SPAN = 7 * DAY;
const STEP = 6 * HOUR;

const Entry = v.object({ at: SnapshotEntry.entries.at, balance: SnapshotEntry.entries.amount });

/**
 * Points from the ends of `days` (the book's spend) and from `entries` (its last money entries), each at the balance that
 * was last known there; the last one is the balance now. `now` is the server's. Fewer than 29 for a young account.
 */
export function trendOf(
  days: readonly unknown[],
  entries: readonly unknown[],
  balance: string,
  now: Ms,
): SnapshotPoint[] {
  const known: { at: Ms; balance: string }[] = [];
  for (const day of days) {
    if (v.is(SnapshotDay, day)) known.push({ at: Date.parse(day.day) + DAY, balance: day.balance });
  }
  for (const entry of entries) if (v.is(Entry, entry)) known.push(entry);
  known.sort((a, b) => a.at - b.at);
  const points: SnapshotPoint[] = [];
  let next = 0;
  let last: string | null = null;
  for (let at = now - SPAN; at < now; at += STEP) {
    for (let point = known[next]; point && point.at <= at; point = known[++next]) last = point.balance;
    if (last !== null) points.push({ at, value: inCredits(last) });
  }
  return [...points, { at: now, value: inCredits(balance) }];
}

const inCredits = (text: string) => Number(readBalance(text)) / 1e6;
