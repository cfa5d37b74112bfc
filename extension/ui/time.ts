// How instants are written for a person: 24 hours everywhere, in the account's timezone.
import type { Ms } from '../../shared/time.ts';

/** Where a surface tells the time: its language, and the account's timezone (null: that of this device). */
export interface Place {
  language: string;
  timezone: string | null;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
/** Building a formatter costs 100 times its use. */
function formatter(place: Place, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([place, options]);
  const made =
    formatters.get(key) ??
    new Intl.DateTimeFormat(place.language, { ...options, timeZone: known(place.timezone) });
  formatters.set(key, made);
  return made;
}

/** Today "14:02", this year "Nov 20", older "Dec 2025". */
export function formatMoment(at: Ms, now: Ms, place: Place): string {
  const day = formatter(place, { dateStyle: 'short' });
  if (day.format(at) === day.format(now)) {
    return formatTime(at, place);
  }
  const year = formatter(place, { year: 'numeric' });
  const older = year.format(at) !== year.format(now);
  return formatter(
    place,
    older ? { month: 'short', year: 'numeric' } : { month: 'short', day: 'numeric' },
  ).format(at);
}

/** In full, with seconds and zone, for a title: "Nov 20, 2026, 14:02:11 UTC". */
export function formatFull(at: Ms, place: Place): string {
  return formatter(place, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at);
}

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

/** The time of an instant, "16:40": for resets, deadlines and "runs out about". */
export function formatTime(at: Ms, place: Place): string {
  return formatter(place, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
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

/** The name of a timezone if this browser knows it, else that of this device. */
function known(timezone: string | null): string {
  if (timezone !== null) {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
    } catch {
      // A timezone that this browser does not know: its own stands in.
    }
  }
  return Temporal.Now.timeZoneId();
}

function zoned(at: Ms, timezone: string | null): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(known(timezone));
}
