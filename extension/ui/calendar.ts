// Spans of the account's calendar: days counted back from one, and a day by its name.
import type { Ms } from '../../shared/time.ts';
import { type Place, zoneOf } from './time.ts';

/** Starts of `count` days of the account, oldest first: the last is the one that `now` is in. */
export function lastDays(now: Ms, count: number, { timezone }: Place): Ms[] {
  const zone = zoneOf(timezone);
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  // By the calendar, since a day has 23 to 25 hours.
  return Array.from(
    { length: count },
    (_, index) => today.subtract({ days: count - 1 - index }).toZonedDateTime(zone).epochMilliseconds,
  );
}

/** Instant at which a day of the account ("2026-11-21") begins, `later` days on; null for what names no day. */
export function startOfNamedDay(day: string, { timezone }: Place, later = 0): Ms | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null;
  try {
    return Temporal.PlainDate.from(day).add({ days: later }).toZonedDateTime(zoneOf(timezone))
      .epochMilliseconds;
  } catch {
    // The 31st of February.
    return null;
  }
}
