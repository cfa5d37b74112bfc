// How instants are written for a person: 24 hours everywhere, in the account's timezone.
import type { Ms } from '../../shared/time.ts';

/** Where a surface tells the time: its language, and the account's timezone (null: that of this device). */
export interface Place {
  language: string;
  timezone: string | null;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
/** A formatter for a place; building one costs 100 times its use. */
export function formatter(place: Place, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([place, options]);
  const made =
    formatters.get(key) ??
    new Intl.DateTimeFormat(place.language, { ...options, timeZone: zoneOf(place.timezone) });
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

/** The time of an instant, "16:40": for resets, deadlines and "runs out about". */
export function formatTime(at: Ms, place: Place): string {
  return formatter(place, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

const zones = new Map<string, string>();
/** The name of a timezone if this browser knows it, else that of this device. */
export function zoneOf(timezone: string | null): string {
  const known = zones.get(timezone ?? '');
  if (known !== undefined) return known;
  if (timezone !== null) {
    try {
      const zone = new Intl.DateTimeFormat('en', { timeZone: timezone }).resolvedOptions().timeZone;
      zones.set(timezone, zone);
      return zone;
    } catch {
      // A timezone that this browser does not know: its own stands in.
    }
  }
  return Temporal.Now.timeZoneId();
}
