// Business days: Monday to Friday in UTC; the promise of a withdrawal's review knows no holidays.
import { DAY, type Ms } from '../../shared/time.ts';

const SUNDAY = 0;
const SATURDAY = 6;

/** The same time of day, `days` business days later. */
export function addBusinessDays(at: Ms, days: number): Ms {
  let then = at;
  for (let left = days; left > 0;) {
    then += DAY;
    const weekday = new Date(then).getUTCDay();
    if (weekday !== SUNDAY && weekday !== SATURDAY) left -= 1;
  }
  return then;
}
