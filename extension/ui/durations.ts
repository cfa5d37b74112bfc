// How spans of time are written: two units, a runway without false precision, a countdown.
import { DAY, HOUR, MINUTE, type Ms, SECOND } from '../../shared/time.ts';

const SPACE = '\u00a0';
const UNITS: Record<string, { day: string; hour: string; minute: string }> = {
  en: { day: 'd', hour: 'h', minute: 'min' },
  de: { day: 'T', hour: 'Std.', minute: 'Min.' },
};
const ENGLISH = { day: 'd', hour: 'h', minute: 'min' };

/** Under this a countdown ticks each second. */
const TICKS_BELOW: Ms = 10 * MINUTE;
/** From here on a runway is "over 2 years". */
export const RUNWAY_END: Ms = 730 * DAY;

/** Two units at most, cut: "3 d 4 h", "10 h 58 min", "42 min", "0 min"; from 30 days days only. */
export function formatDuration(span: Ms, language: string): string {
  const units = UNITS[language] ?? ENGLISH;
  const part = (count: number, unit: string) => `${count}${SPACE}${unit}`;
  const minutes = Math.max(0, Math.floor(span / MINUTE));
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days >= 30) return part(days, units.day);
  const [large, small] =
    days > 0
      ? [part(days, units.day), [hours % 24, units.hour] as const]
      : hours > 0
        ? [part(hours, units.hour), [minutes % 60, units.minute] as const]
        : [part(minutes, units.minute), [0, ''] as const];
  return small[0] === 0 ? large : `${large} ${part(...small)}`;
}

/** What is left: "4:12" under ten minutes, else as `formatDuration`; "0:00" when it is over. */
export function formatCountdown(left: Ms, language: string): string {
  if (left >= TICKS_BELOW) return formatDuration(left, language);
  const seconds = Math.max(0, Math.ceil(left / SECOND));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How long until the text of a countdown changes, ms. */
export function countdownStep(left: Ms): Ms {
  return left <= TICKS_BELOW + MINUTE ? SECOND : MINUTE;
}

/** A runway in few letters, for the toolbar: "9h", "42m", "12d", "99d" at most. */
export function formatShort(span: Ms): string {
  if (span < HOUR) return `${Math.max(0, Math.floor(span / MINUTE))}m`;
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)}h`;
  return `${Math.min(999, Math.floor(span / DAY))}d`;
}
