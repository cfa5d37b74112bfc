// Calendar days of the account, by Temporal: what is today, yesterday, a group of rows, a day ahead.
import type { Ms } from '../../shared/time.ts';
import { formatMoment, formatter, formatTime, zoneOf, type Place } from './time.ts';

/** The calendar day of an instant in the account's timezone, as "2026-11-21": for grouping. */
export function dayOf(at: Ms, { timezone }: Place): string {
  return zoned(at, timezone).toPlainDate().toString();
}

/** First instant of the account's day that `at` is in. */
export function startOfDay(at: Ms, { timezone }: Place): Ms {
  return zoned(at, timezone).startOfDay().epochMilliseconds;
}

/** A day as a heading: "Fri, Nov 20", of another year "Nov 20, 2025". `today` and `yesterday` are the caller's words. */
export function formatDay(
  at: Ms,
  now: Ms,
  place: Place,
  words: { today: string; yesterday: string },
): string {
  const day = zoned(at, place.timezone).toPlainDate();
  const today = zoned(now, place.timezone).toPlainDate();
  if (day.equals(today)) return words.today;
  if (day.equals(today.subtract({ days: 1 }))) return words.yesterday;
  const options: Intl.DateTimeFormatOptions =
    day.year === today.year
      ? { weekday: 'short', month: 'short', day: 'numeric' }
      : { year: 'numeric', month: 'short', day: 'numeric' };
  return formatter(place, options).format(at);
}

/** A day alone: "Nov 1, 2026". */
export function formatDate(at: Ms, place: Place): string {
  return formatter(place, { year: 'numeric', month: 'short', day: 'numeric' }).format(at);
}

/** Today "16:40", within six days "Tue 16:40", later "Nov 30". */
export function formatAhead(at: Ms, now: Ms, place: Place): string {
  const day = zoned(at, place.timezone).toPlainDate();
  const ahead = zoned(now, place.timezone).toPlainDate().until(day).days;
  if (ahead === 0) return formatTime(at, place);
  if (ahead > 0 && ahead < 7)
    return `${formatter(place, { weekday: 'short' }).format(at)} ${formatTime(at, place)}`;
  return formatMoment(at, now, place);
}

function zoned(at: Ms, timezone: string | null): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zoneOf(timezone));
}
