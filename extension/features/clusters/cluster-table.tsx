// The rows of the cluster table: two lines each, from 560 px six columns; every column sorts, Enter opens a row.
import { useEffect, useRef } from 'preact/hooks';
import { formatDevice, formatHours } from '../../ui/figures.ts';
import { Icon } from '../../ui/icon.tsx';
import { Name } from '../../ui/name.tsx';
import { arrowDown, arrowUp } from '../../ui/panel-icons.ts';
import { Status } from '../../ui/status.tsx';
import { useWidth } from '../overview/use-width.ts';
import { usePanel } from '../panel/panel-context.ts';
import { to } from '../panel/route.ts';
import { clusterTypeWord, statusWord } from '../panel/words.ts';
import { ClusterDetail } from './cluster-detail.tsx';
import { ClusterLine, costText } from './cluster-line.tsx';
import { type ClusterRow, type Sort, SORT_KEYS, type SortKey } from './cluster-list.ts';
import css from './clusters.module.css';
import { columnTracks } from './column-room.ts';

interface Props {
  rows: readonly ClusterRow[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Id of the cluster whose row is open. */
  opened: string | null;
  /** Whether an open row asks for more hours. */
  onExtending: (is: boolean) => void;
}

export function ClusterTable({ rows, sort, onSort, opened, onExtending }: Props) {
  const { locale, go } = usePanel();
  const [frame, width] = useWidth(window.innerWidth);
  const tracks = columnTracks(
    rows.map((row) => ({
      status: statusWord(row.cluster.status, locale),
      type: clusterTypeWord(row.cluster.type, locale),
      device: formatDevice(row.cluster.device, row.cluster.quantity),
      hours: formatHours(row.served_ms, locale.language),
      cost: costText(row, locale),
    })),
    width,
  );
  const wide = tracks !== null;
  const { t } = locale;
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (opened !== null)
      list.current?.querySelector('[aria-expanded=true]')?.scrollIntoView({ block: 'nearest' });
  }, [opened]);
  return (
    <div ref={frame} style={tracks === null ? {} : { '--tracks': tracks }}>
      <Sorts sort={sort} onSort={onSort} wide={wide} />
      <ul ref={list} aria-label={t('cloud.title')} data-part="clusters">
        {rows.map((row) => {
          const { id } = row.cluster;
          const isOpen = id === opened;
          const look = [css.row, wide ? css.wide : '', isOpen ? css.open : ''];
          return (
            <li key={id}>
              <button
                type="button"
                class={look.filter(Boolean).join(' ')}
                aria-expanded={isOpen}
                aria-controls={isOpen ? `detail-${id}` : undefined}
                data-cluster={id}
                onClick={() => go(isOpen ? to('cloud') : to('cloud', 'cluster', id))}
              >
                {wide ? <SixCells row={row} /> : <TwoLines row={row} />}
              </button>
              {isOpen && (
                <ClusterDetail cluster={row.cluster} id={`detail-${id}`} onExtending={onExtending} />
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function TwoLines({ row }: { row: ClusterRow }) {
  const { locale } = usePanel();
  return (
    <>
      <span style={{ minWidth: 0 }}>
        <span class="w5">
          <Name>{row.cluster.name}</Name>
        </span>
        <ClusterLine row={row} locale={locale} />
      </span>
      <span class={css.figures}>
        {formatHours(row.served_ms, locale.language)}
        <small>{costText(row, locale)}</small>
      </span>
    </>
  );
}

function SixCells({ row }: { row: ClusterRow }) {
  const { locale } = usePanel();
  const { cluster } = row;
  return (
    <>
      <span class="w5">
        <Name>{cluster.name}</Name>
      </span>
      <span class={css.small}>
        <Status status={cluster.status} word={statusWord(cluster.status, locale)} />
      </span>
      <span class={`${css.small} t2`}>{clusterTypeWord(cluster.type, locale)}</span>
      <span class={`${css.small} t2`} title={formatDevice(cluster.device, cluster.quantity)}>
        {formatDevice(cluster.device, cluster.quantity)}
      </span>
      <span class={css.end}>{formatHours(row.served_ms, locale.language)}</span>
      <span class={css.end}>{costText(row, locale)}</span>
    </>
  );
}

function Sorts({ sort, onSort, wide }: Pick<Props, 'sort' | 'onSort'> & { wide: boolean }) {
  const { t } = usePanel().locale;
  const button = (key: SortKey) => {
    const on = sort.by === key;
    // Hours and cost are asked for the largest first.
    const first = key === 'hours' || key === 'cost';
    return (
      <button
        key={key}
        type="button"
        class={on ? css.on : ''}
        aria-pressed={on}
        data-sort={key}
        onClick={() => onSort({ by: key, descending: on ? !sort.descending : first })}
      >
        {t(`cloud.by.${key}`)}
        {on && <Icon of={sort.descending ? arrowUp : arrowDown} size={12} />}
        {on && <span class="vh">{sort.descending ? t('sort.descending') : t('sort.ascending')}</span>}
      </button>
    );
  };
  if (wide) {
    return (
      <div class={`${css.head} ${css.wide}`} role="group" aria-label={t('cloud.sort')}>
        {SORT_KEYS.map((key) => (
          <span key={key} class={key === 'hours' || key === 'cost' ? css.end : ''}>
            {button(key)}
          </span>
        ))}
      </div>
    );
  }
  return (
    <div class={css.head} role="group" aria-label={t('cloud.sort')}>
      {SORT_KEYS.slice(0, 4).map(button)}
      <span class={css.gap} />
      {SORT_KEYS.slice(4).map(button)}
    </div>
  );
}
