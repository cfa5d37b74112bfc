// The list itself: days with their net, rows that exist only near the window, older pages as someone scrolls.
import { useCallback, useMemo } from 'preact/hooks';
import type { Entry } from '../../../shared/account.ts';
import type { Ms } from '../../../shared/time.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/figures.ts';
import { formatMovement } from '../../ui/money.ts';
import { formatDay, startOfDay } from '../../ui/days.ts';
import { type Row, Table } from '../../ui/table.tsx';
import { usePanel } from '../panel/panel-context.ts';
import { to } from '../panel/route.ts';
import { EntryHead, entryRow } from './entry-row.tsx';
import type { History } from './history.ts';
import { dayAt, type ListRow, listRows } from './list-rows.ts';
import css from './transactions.module.css';

/** The panel's header and its tabs, which stay. */
const HEADER = 88;
const DAY_HEIGHT = 28;
const ROW_HEIGHT = 52;
/** Rows from the end at which the next page is read. */
const AHEAD = 30;

interface Props {
  history: History;
  /** What the filter lets through, newest first. */
  entries: readonly Entry[];
  /** What let them through: another one's rows begin anew. */
  filter: unknown;
  /** Whether older entries could still match. */
  goesOn: boolean;
}

export function TransactionList({ history, entries, filter, goesOn }: Props) {
  const { locale, place, offset, sections, go } = usePanel();
  const { t, language } = locale;
  const rowsOf = useMemo(() => listRows(place), [place.timezone, filter]);
  const rows = rowsOf(entries, !goesOn);
  const { clusters } = sections;
  const today = startOfDay(Date.now() + offset, place);
  const dayWord = (at: Ms) =>
    formatDay(at, today, place, { today: t('time.today'), yesterday: t('time.yesterday') });
  const at = useMemo(
    () => ({
      size: (index: number) => (rows[index]?.kind === 'day' ? DAY_HEIGHT : ROW_HEIGHT),
      key: (index: number) => rows[index]?.key ?? index,
      isEntry: (index: number) => rows[index]?.kind === 'entry',
    }),
    [rows],
  );
  const row = useCallback(
    (index: number, tabIndex: 0 | -1): Row => {
      const it = rows[index];
      if (!it) return { cells: null };
      if (it.kind === 'entry')
        return entryRow(it.entry, tabIndex, { clusters: clusters ?? [], locale, place, first: it.first });
      return {
        class: css.day,
        cells: (
          <>
            <div role="gridcell" aria-colspan={2}>
              {dayWord(it.at)}
            </div>
            <span role="gridcell" aria-colspan={2}>
              {netOf(it, language)}
            </span>
          </>
        ),
      };
    },
    // With the end of the list its last day gets its sum.
    [rows, goesOn, clusters, locale, place.timezone, today],
  );
  /** The day of the row that is under the header; none while its own heading is in sight. */
  const stuck = (first: number) => {
    const day = dayAt(rows, first);
    return day ? (
      <div class={css.day}>
        {dayWord(day.at)}
        <span>{netOf(day, language)}</span>
      </div>
    ) : null;
  };
  const readOn = (last: number) => {
    if (goesOn && last >= rows.length - AHEAD && history.error === null) void history.more();
  };
  const open = (index: number) => {
    const it = rows[index];
    if (it?.kind === 'entry') go(to('billing', 'entry', String(it.entry.n)));
  };
  return (
    <>
      <Table
        label={t('transactions.list')}
        part="transactions"
        head={<EntryHead locale={locale} />}
        over={stuck}
        under={HEADER}
        count={rows.length}
        goesOn={goesOn}
        sizeOf={at.size}
        keyOf={at.key}
        row={row}
        opens={at.isEntry}
        onOpen={open}
        onDrawn={readOn}
      />
      {goesOn && <End history={history} />}
    </>
  );
}

function netOf({ net }: ListRow & { kind: 'day' }, language: string): string {
  return net === null ? '' : formatMovement(net, language);
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
