// The rows of a transaction list: days, each with its net, and the entries under them.
import type { Entry } from '../../../shared/account.ts';
import { type Micros, readBalance } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';
import { dayOf, startOfDay } from '../../ui/days.ts';
import type { Place } from '../../ui/time.ts';

export type ListRow =
  | {
      kind: 'day';
      key: string;
      at: Ms;
      /** Null while its oldest entries are not read. */
      net: Micros | null;
    }
  | { kind: 'entry'; key: number; entry: Entry; first: boolean };

/** @param complete whether nothing older can follow */
export function listRows(entries: readonly Entry[], complete: boolean, place: Place): ListRow[] {
  const rows: ListRow[] = [];
  let day: (ListRow & { kind: 'day' }) | null = null;
  // Entries go down in time, so a calendar is asked once per day and not once per entry.
  let start = Number.POSITIVE_INFINITY;
  let net = 0n;
  for (const entry of entries) {
    const isFirst = entry.at < start;
    if (isFirst) {
      if (day) day.net = net;
      net = 0n;
      start = startOfDay(entry.at, place);
      day = { kind: 'day', key: dayOf(entry.at, place), at: entry.at, net: null };
      rows.push(day);
    }
    net += readBalance(entry.amount);
    rows.push({ kind: 'entry', key: entry.n, entry, first: isFirst });
  }
  if (day && complete) day.net = net;
  return rows;
}

/** The day that row `index` belongs to; null before the first. */
export function dayAt(rows: readonly ListRow[], index: number): (ListRow & { kind: 'day' }) | null {
  for (let at = index; at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.kind === 'day') return row;
  }
  return null;
}
