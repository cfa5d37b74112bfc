// The rows of a transaction list: days, each with its net, and the entries under them.
import type { Entry } from '../../../shared/account.ts';
import { type Micros, readBalance } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';
import { dayOf, startOfDay } from '../../ui/days.ts';
import type { Place } from '../../ui/time.ts';
import { growing } from './growing.ts';

export type ListRow =
  | {
      kind: 'day';
      key: string;
      at: Ms;
      /** Null while its oldest entries are not read. */
      net: Micros | null;
    }
  | { kind: 'entry'; key: number; entry: Entry; first: boolean };

interface Days {
  rows: ListRow[];
  /** The day that goes on: its first instant and the sum of what is read of it. */
  open: { day: ListRow & { kind: 'day' }; start: Ms; net: Micros } | null;
}

/**
 * Turns entries, newest first, into rows; entries that are read later only add theirs.
 * @returns takes the entries and whether nothing older can follow
 */
export function listRows(place: Place): (entries: readonly Entry[], complete: boolean) => readonly ListRow[] {
  const daysOf = growing<Entry, Days>(
    () => ({ rows: [], open: null }),
    (before, entries) => withEntries(before, entries, place),
  );
  return (entries, complete) => {
    const { rows, open } = daysOf(entries);
    if (open) open.day.net = complete ? open.net : null;
    return rows;
  };
}

function withEntries(before: Days, entries: readonly Entry[], place: Place): Days {
  const rows = [...before.rows];
  let { open } = before;
  for (const entry of entries) {
    // Entries go down in time, so a calendar is asked once per day and not once per entry.
    const isFirst = open === null || entry.at < open.start;
    if (open === null || isFirst) {
      if (open) open.day.net = open.net;
      const day = { kind: 'day' as const, key: dayOf(entry.at, place), at: entry.at, net: null };
      open = { day, start: startOfDay(entry.at, place), net: 0n };
      rows.push(day);
    }
    open.net += readBalance(entry.amount);
    rows.push({ kind: 'entry', key: entry.n, entry, first: isFirst });
  }
  return { rows, open };
}

/** The day that row `index` belongs to; null before the first. */
export function dayAt(rows: readonly ListRow[], index: number): (ListRow & { kind: 'day' }) | null {
  for (let at = index; at >= 0; at -= 1) {
    const row = rows[at];
    if (row?.kind === 'day') return row;
  }
  return null;
}
