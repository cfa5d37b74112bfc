// What each of the last days cost, by service, and the balance it ended with: for sparklines, averages and alerts.
// Today stands in the facts, which every change of money writes anyway; a record of closed days is written once a day.
import { formatAmount, type Micros } from '../../shared/money.ts';
import { isSpend, type Spend, SPEND_DAYS } from '../../shared/spend.ts';
import { DAY, MINUTE, toRfc3339 } from '../../shared/time.ts';
import type { AccountFacts, DayBody, RecordOf, TodayFacts } from './records.ts';
import type { View } from './view.ts';

/** What an entry is counted into. */
export interface DayBook extends View {
  noteFacts(part: Pick<AccountFacts, 'today'>): void;
  put(record: RecordOf<'spend'>): void;
  show(patch: { spend: Spend }): void;
}

const ID = 'spend';
/** The section is written this often, and sooner when so many entries have not been told: `recent` keeps 50. */
const SHOW_EVERY = 5 * MINUTE;
const UNTOLD = 40;

const dayOf = (at: number) => Math.floor(at / DAY);

/** Days with their own sums, oldest first, today included when something moved. */
export function spendDays(view: View): DayBody[] {
  const closed = view.find('spend', ID)?.body.days ?? [];
  const { today } = view.facts;
  const days = today ? [...closed, { day: today.day, spent: today.spent, balance: view.posted }] : closed;
  return days.filter(({ day }) => day > dayOf(view.now) - SPEND_DAYS);
}

/** What was spent on the day of now, refunds deducted. */
export function spentToday(view: View): Micros {
  const { today } = view.facts;
  if (!today || today.day !== dayOf(view.now)) return 0n;
  return Object.values(today.spent).reduce((sum, micros) => sum + micros, 0n);
}

function shown(view: View): Spend {
  return {
    as_of: toRfc3339(view.now),
    n: view.facts.today?.n ?? 0,
    days: spendDays(view).map(({ day, spent, balance }) => ({
      day: toRfc3339(day * DAY).slice(0, 10),
      spent: Object.fromEntries(
        Object.entries(spent).map(([service, micros]) => [service, formatAmount(micros)]),
      ),
      balance: formatAmount(balance),
    })),
  };
}

/**
 * Counts entry `n`, which has just been posted, into its day: use and refunds by service, all else by the balance alone.
 * A refusal counts nothing, but it moves older entries out of the book's `recent`.
 */
export function countEntry(
  draft: DayBook,
  n: number,
  { type, service, amount }: { type: string; service: string; amount: Micros },
): void {
  const before = draft.facts.today;
  if (type === 'refused') {
    if (before && before.n > before.shown_n && n - before.shown_n >= UNTOLD) tell(draft, before);
    return;
  }
  const day = dayOf(draft.now);
  if (before && before.day !== day) closeDay(draft, before, amount);
  const fresh: TodayFacts = { day, spent: {}, n, shown_n: n, shown_at: null };
  const today = before?.day === day ? before : fresh;
  const spent = isSpend(type)
    ? { ...today.spent, [service]: (today.spent[service] ?? 0n) - amount }
    : today.spent;
  const next = { ...today, spent, n };
  const shows =
    today.shown_at === null || draft.now - today.shown_at >= SHOW_EVERY || n - today.shown_n >= UNTOLD;
  if (shows) tell(draft, next);
  else draft.noteFacts({ today: next });
}

function tell(draft: DayBook, today: TodayFacts): void {
  draft.noteFacts({ today: { ...today, shown_n: today.n, shown_at: draft.now } });
  draft.show({ spend: shown(draft) });
}

function closeDay(
  draft: DayBook,
  { day, spent }: { day: number; spent: DayBody['spent'] },
  amount: Micros,
): void {
  const days = draft.find('spend', ID)?.body.days ?? [];
  const closed = [...days, { day, spent, balance: draft.posted - amount }].slice(1 - SPEND_DAYS);
  draft.put({ kind: 'spend', id: ID, open: true, links: [], body: { days: closed } });
}
