// A transaction: type and subject, time and service, amount and the balance after it. The whole row opens its detail.
import type { Entry } from '../../../shared/account.ts';
import { readBalance } from '../../../shared/money.ts';
import { Icon } from '../../ui/icon.tsx';
import { formatBalance, formatExact, formatMovement } from '../../ui/money.ts';
import { formatFull, formatMoment, formatTime } from '../../ui/time.ts';
import { isPanelKey } from '../../locales/panel.ts';
import { usePanel } from '../panel/panel-context.ts';
import { to } from '../panel/route.ts';
import { serviceWord, typeWord } from '../panel/words.ts';
import { entryIcon } from './entry-icon.ts';
import { subjectOf } from './subject.ts';
import css from './transactions.module.css';

interface Props {
  entry: Entry;
  /** Without the hairline above it. */
  first: boolean;
  /** Says the day too: under no heading of one. */
  dated?: boolean;
}

export function TransactionRow({ entry, first, dated = false }: Props) {
  const { locale, place, go, sections, offset } = usePanel();
  const { t, language } = locale;
  const micros = readBalance(entry.amount);
  const subject = subjectOf(entry, sections.clusters ?? [], locale);
  const status = `entry_status.${entry.status}`;
  const isPlain = entry.status === 'completed';
  const isRefused = entry.type === 'refused';
  return (
    <button
      type="button"
      class={first ? `${css.row} ${css.first}` : css.row}
      data-entry={entry.n}
      onClick={() => go(to('billing', 'entry', String(entry.n)))}
    >
      <Icon of={entryIcon(entry)} />
      <span class={css.words}>
        <span class="cut" title={subject}>
          <span class="w5">{typeWord(entry.type, locale)}</span> <span class="t2">{subject}</span>
        </span>
        <span class="cut s t2">
          <time class="num" dateTime={new Date(entry.at).toISOString()} title={formatFull(entry.at, place)}>
            {dated ? formatMoment(entry.at, Date.now() + offset, place) : formatTime(entry.at, place)}
          </time>
          <span class="sep" />
          {serviceWord(entry.service, locale)}
          {!isPlain && !isRefused && `, ${isPanelKey(status) ? t(status) : entry.status}`}
        </span>
      </span>
      <span class={css.figures}>
        <span class={micros > 0n ? 'w5 pos' : 'w5'} title={formatExact(micros, language)}>
          {micros === 0n ? '' : formatMovement(micros, language)}
        </span>
        <small>{formatBalance(readBalance(entry.balance), language)}</small>
      </span>
    </button>
  );
}
