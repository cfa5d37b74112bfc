// The list itself: days with their net, rows that exist only near the window, older pages as someone scrolls.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Entry } from '../../../shared/account.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/figures.ts';
import { formatMovement } from '../../ui/money.ts';
import { formatDay } from '../../ui/days.ts';
import { useVirtual } from '../../ui/use-virtual.ts';
import { usePanel } from '../panel/panel-context.ts';
import type { History } from './history.ts';
import { type ListRow, listRows } from './list-rows.ts';
import { TransactionRow } from './transaction-row.tsx';
import css from './transactions.module.css';

const DAY_HEIGHT = 28;
const ROW_HEIGHT = 52;
/** Rows from the end at which the next page is read. */
const AHEAD = 30;

interface Props {
  history: History;
  /** What the filter lets through, newest first. */
  entries: readonly Entry[];
  /** Whether older entries could still match. */
  goesOn: boolean;
}

export function TransactionList({ history, entries, goesOn }: Props) {
  const { locale, place, offset } = usePanel();
  const { t } = locale;
  const rows = useMemo(() => listRows(entries, !goesOn, place), [entries, goesOn, place.timezone]);
  const list = useRef<HTMLDivElement>(null);
  const at = (index: number) => rows[index];
  const virtual = useVirtual({
    count: rows.length,
    sizeOf: (index) => (at(index)?.kind === 'day' ? DAY_HEIGHT : ROW_HEIGHT),
    keyOf: (index) => at(index)?.key ?? index,
    list,
  });
  const last = virtual.rows.at(-1)?.index ?? -1;
  const isNear = last >= rows.length - AHEAD;
  useEffect(() => {
    if (goesOn && isNear && history.error === null) void history.more();
  });
  const now = Date.now() + offset;
  const top = topOf(list.current);
  const stuck = stuckDay(rows, virtual.rows, top);
  const day = (row: ListRow & { kind: 'day' }) => (
    <div class={css.day}>
      {formatDay(row.at, now, place, { today: t('time.today'), yesterday: t('time.yesterday') })}
      <span>{row.net === null ? '' : formatMovement(row.net, locale.language)}</span>
    </div>
  );
  return (
    <>
      {stuck && (
        <div class={css.stick} aria-hidden="true">
          {day(stuck)}
        </div>
      )}
      <div
        class={css.list}
        ref={list}
        role="list"
        aria-label={t('transactions.list')}
        data-part="transactions"
        style={{ height: `${virtual.height}px` }}
      >
        {virtual.rows.map(({ key, index, start, size }) => {
          const row = at(index);
          if (!row) return null;
          return (
            <div
              key={key}
              role="listitem"
              class={css.item}
              style={{ height: `${size}px`, transform: `translateY(${start}px)` }}
              aria-setsize={goesOn ? -1 : rows.length}
              aria-posinset={index + 1}
            >
              {row.kind === 'day' ? day(row) : <TransactionRow entry={row.entry} first={row.first} />}
            </div>
          );
        })}
      </div>
      {goesOn && <End history={history} />}
    </>
  );
}

/** How far the list has gone under the header, px; 0 while it is below it. */
function topOf(list: HTMLElement | null): number {
  const HEADER = 88;
  return list === null ? 0 : HEADER - list.getBoundingClientRect().top;
}

/** The day of the row that is under the header; null while its own heading is in sight. */
function stuckDay(
  rows: readonly ListRow[],
  drawn: readonly { index: number; start: number; size: number }[],
  top: number,
): (ListRow & { kind: 'day' }) | null {
  if (top <= 0) return null;
  const first = drawn.find(({ start, size }) => start + size > top)?.index ?? 0;
  for (let index = first; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.kind === 'day') return row;
  }
  return null;
}

/** What stands below the last row while there is more: how far it has got, or why it does not get on. */
function End({ history }: { history: History }) {
  const { locale, snapshot } = usePanel();
  const { t, language } = locale;
  const words = {
    read: formatCount(history.entries.length, language),
    all: formatCount(history.total, language),
  };
  if (history.error !== null && !history.loading) {
    // The server is there, and still this did not come.
    const late = snapshot.connection === 'live' ? 'history.failed' : 'history.offline';
    const text = history.error === 'broken_chain' ? t('history.broken') : t(late, words);
    return (
      <div class={css.end} role="alert">
        <span>{text}</span>
        <Button small onClick={() => void history.more()}>
          {t('action.try_again')}
        </Button>
      </div>
    );
  }
  return (
    <div class={css.end} role="status">
      {t('history.reading', words)}
    </div>
  );
}
