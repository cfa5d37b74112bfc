// The rows of the cluster table: two lines each, from 560 px six columns; every column sorts, Enter opens a row.
import { useEffect, useMemo } from 'preact/hooks';
import type { PanelLocale } from '../../locales/panel.ts';
import { formatDevice, formatHours } from '../../ui/figures.ts';
import { Icon } from '../../ui/icon.tsx';
import { formatExact } from '../../ui/money.ts';
import { Name } from '../../ui/name.tsx';
import { arrowDown, arrowUp } from '../../ui/panel-icons.ts';
import { Status } from '../../ui/status.tsx';
import { type Row, RowStep, Table } from '../../ui/table.tsx';
import { useWidth } from '../overview/use-width.ts';
import { usePanel } from '../panel/panel-context.ts';
import { to } from '../panel/route.ts';
import { clusterTypeWord, statusWord } from '../panel/words.ts';
import { ClusterDetail } from './cluster-detail.tsx';
import { costText } from './cluster-line.tsx';
import { type ClusterRow, type Sort, SORT_KEYS, type SortKey } from './cluster-list.ts';
import css from './clusters.module.css';
import { type Cells, columnTracks } from './column-room.ts';

/** The panel's header and its tabs, which stay. */
const HEADER = 88;

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
  const { t, language } = locale;
  const [frame, width] = useWidth(window.innerWidth);
  const cells = useMemo(() => rows.map((row) => cellsOf(row, locale)), [rows, locale]);
  const tracks = columnTracks(cells, width);
  const isWide = tracks !== null;
  const openedAt = rows.findIndex(({ cluster }) => cluster.id === opened);
  /** The detail of the open row is a row of its own under it. */
  const indexOf = (index: number) => (openedAt >= 0 && index > openedAt ? index - 1 : index);
  const isDetail = (index: number) => openedAt >= 0 && index === openedAt + 1;
  useEffect(() => {
    if (opened !== null)
      frame.current?.querySelector('[aria-expanded=true]')?.scrollIntoView({ block: 'nearest' });
  }, [opened]);
  const row = (index: number, tabIndex: 0 | -1): Row => {
    const at = indexOf(index);
    const [of, words] = [rows[at], cells[at]];
    if (!of || !words) return { cells: null };
    const { cluster } = of;
    const { id } = cluster;
    if (isDetail(index))
      return {
        cells: (
          <div role="gridcell" aria-colspan={SORT_KEYS.length}>
            <ClusterDetail cluster={cluster} id={`detail-${id}`} onExtending={onExtending} />
          </div>
        ),
      };
    const isOpen = id === opened;
    return {
      class: [css.row, isWide ? css.wide : '', isOpen ? css.open : ''].filter(Boolean).join(' '),
      data: { 'data-cluster': id },
      cells: (
        <>
          <span class={`${css.name} w5`} role="gridcell">
            <RowStep
              tabIndex={tabIndex}
              aria-expanded={isOpen}
              aria-controls={isOpen ? `detail-${id}` : undefined}
              aria-describedby={`status-${id} cost-${id}`}
            >
              <Name>{cluster.name}</Name>
            </RowStep>
          </span>
          <span class={css.state} role="gridcell" id={`status-${id}`}>
            <Status status={cluster.status} word={words.status} />
          </span>
          <span class={css.type} role="gridcell">
            {words.type}
          </span>
          <span class={css.device} role="gridcell" title={words.device}>
            <span class="cut">{cluster.device}</span>
            {/* How many there are is a number: the device is cut before it. */}
            <span>{`\u00a0×${cluster.quantity}`}</span>
          </span>
          <span class={css.hours} role="gridcell">
            {words.hours}
          </span>
          <span class={css.cost} role="gridcell" id={`cost-${id}`} title={formatExact(of.cost, language)}>
            {words.cost}
          </span>
        </>
      ),
    };
  };
  return (
    <div ref={frame} style={tracks === null ? {} : { '--tracks': tracks }}>
      <Table
        label={t('cloud.title')}
        part="clusters"
        head={SORT_KEYS.map((key) => (
          <SortHead key={key} by={key} sort={sort} onSort={onSort} />
        ))}
        headClass={isWide ? `${css.head} ${css.wide}` : css.head}
        under={HEADER}
        count={rows.length + (openedAt >= 0 ? 1 : 0)}
        keyOf={(index) => `${isDetail(index) ? 'detail' : 'row'} ${rows[indexOf(index)]?.cluster.id}`}
        row={row}
        opens={(index) => !isDetail(index)}
        onOpen={(index) => {
          const id = rows[indexOf(index)]?.cluster.id;
          if (id !== undefined) go(id === opened ? to('cloud') : to('cloud', 'cluster', id));
        }}
      />
    </div>
  );
}

function cellsOf(row: ClusterRow, locale: PanelLocale): Cells {
  const { cluster } = row;
  return {
    status: statusWord(cluster.status, locale),
    type: clusterTypeWord(cluster.type, locale),
    device: formatDevice(cluster.device, cluster.quantity),
    hours: formatHours(row.served_ms, locale.language),
    cost: costText(row, locale),
  };
}

function SortHead({ by, sort, onSort }: Pick<Props, 'sort' | 'onSort'> & { by: SortKey }) {
  const { t } = usePanel().locale;
  const isOn = sort.by === by;
  // Hours and cost are asked for the largest first.
  const isFigure = by === 'hours' || by === 'cost';
  return (
    <span
      class={isFigure ? css.figure : ''}
      role="columnheader"
      aria-sort={isOn ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        class={isOn ? css.on : ''}
        data-sort={by}
        onClick={() => onSort({ by, descending: isOn ? !sort.descending : isFigure })}
      >
        {t(`cloud.by.${by}`)}
        {isOn && <Icon of={sort.descending ? arrowDown : arrowUp} size={12} />}
      </button>
    </span>
  );
}
