// A transaction as a row of a table: type and subject, time and service, amount and the balance after it.
import type { Entry } from '../../../shared/account.ts';
import type { Cluster } from '../../../shared/clusters.ts';
import { readBalance } from '../../../shared/money.ts';
import type { Ms } from '../../../shared/time.ts';
import { Icon } from '../../ui/icon.tsx';
import { formatBalance, formatExact, formatMovement } from '../../ui/money.ts';
import { type Row, RowStep } from '../../ui/table.tsx';
import { formatFull, formatMoment, formatTime, type Place } from '../../ui/time.ts';
import { isPanelKey, type PanelLocale } from '../../locales/panel.ts';
import { serviceWord, typeWord } from '../panel/words.ts';
import { entryIcon } from './entry-icon.ts';
import css from './entry-row.module.css';
import { subjectOf } from './subject.ts';

/** The columns, for who hears the table: a row says by itself what is what. */
export function EntryHead({ locale: { t } }: { locale: PanelLocale }) {
  return (['entry.type', 'entry.time', 'entry.amount', 'entry.balance'] as const).map((key) => (
    <span key={key} class="vh" role="columnheader">
      {t(key)}
    </span>
  ));
}

export interface EntryLook {
  clusters: readonly Cluster[];
  locale: PanelLocale;
  place: Place;
  /** Without the hairline above it. */
  first: boolean;
  /** The server's time where the row says its day too: under no heading of one. */
  datedAt?: Ms;
}

export function entryRow(
  entry: Entry,
  tabIndex: 0 | -1,
  { clusters, locale, place, first, datedAt }: EntryLook,
): Row {
  const { t, language } = locale;
  const micros = readBalance(entry.amount);
  const subject = subjectOf(entry, clusters, locale);
  const status = `entry_status.${entry.status}`;
  const isPlain = entry.status === 'completed' || entry.type === 'refused';
  const id = `entry-${entry.n}`;
  return {
    class: first ? `${css.row} ${css.first}` : css.row,
    data: { 'data-entry': entry.n },
    cells: (
      <>
        <Icon of={entryIcon(entry)} />
        <span class={css.what} role="gridcell" title={subject}>
          <RowStep tabIndex={tabIndex} class="cut w5" aria-describedby={`${id}-time ${id}-amount`}>
            {typeWord(entry.type, locale)} <span class={css.subject}>{subject}</span>
          </RowStep>
        </span>
        <span class="cut s t2" role="gridcell" id={`${id}-time`}>
          <time class="num" dateTime={new Date(entry.at).toISOString()} title={formatFull(entry.at, place)}>
            {datedAt === undefined ? formatTime(entry.at, place) : formatMoment(entry.at, datedAt, place)}
          </time>
          <span class="sep" />
          {serviceWord(entry.service, locale)}
          {!isPlain && `, ${isPanelKey(status) ? t(status) : entry.status}`}
        </span>
        <span
          class={micros > 0n ? 'w5 pos' : 'w5'}
          role="gridcell"
          id={`${id}-amount`}
          title={formatExact(micros, language)}
        >
          {micros === 0n ? '' : formatMovement(micros, language)}
        </span>
        <span class="s t2" role="gridcell">
          {formatBalance(readBalance(entry.balance), language)}
        </span>
      </>
    ),
  };
}
