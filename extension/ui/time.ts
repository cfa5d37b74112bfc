// How instants are written for a person: 24 hours everywhere, in the account's timezone.
import type { Ms } from '../../shared/time.ts';

/** Where a surface tells the time: its language, and the account's timezone (null: that of this device). */
export interface Place {
  language: string;
  timezone: string | null;
}

function formatter(place: Place, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  if (place.timezone !== null) {
    try {
      return new Intl.DateTimeFormat(place.language, { ...options, timeZone: place.timezone });
    } catch {
      // A timezone that this browser does not know: its own stands in.
    }
  }
  return new Intl.DateTimeFormat(place.language, options);
}

/** Today "14:02", this year "Nov 20", older "Dec 2025". */
export function formatMoment(at: Ms, now: Ms, place: Place): string {
  const day = formatter(place, { dateStyle: 'short' });
  if (day.format(at) === day.format(now)) {
    return formatter(place, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
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
