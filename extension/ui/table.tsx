// A table with columns that sort and rows of 40; from VIRTUAL_FROM rows on only those near the window exist.
import type { ComponentChildren, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { arrowDown, arrowUp } from './panel-icons.ts';
import css from './table.module.css';
import { useVirtual } from './use-virtual.ts';
import { VIRTUAL_FROM } from './virtual-list.tsx';

export interface Sort<Key extends string> {
  by: Key;
  descending: boolean;
}

export interface Column<Row, Key extends string> {
  key: Key;
  label: string;
  /** A grid track: `minmax(0, 2fr)`, `96px`. */
  width: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures stand at the right. */
  end?: boolean;
}

interface Props<Row, Key extends string> {
  label: string;
  columns: readonly Column<Row, Key>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sort: Sort<Key>;
  onSort: (sort: Sort<Key>) => void;
  onOpen?: (row: Row) => void;
  scroller?: RefObject<HTMLElement | null>;
}

const ROW = 40;

export function Table<Row, Key extends string>(props: Props<Row, Key>) {
  const { label, columns, rows, sort, onSort } = props;
  const tracks = columns.map(({ width }) => width).join(' ');
  return (
    <div class={css.table} role="table" aria-label={label} aria-rowcount={rows.length + 1}>
      <div role="rowgroup">
        <div class={css.head} role="row" style={{ gridTemplateColumns: tracks }}>
          {columns.map((column) => (
            <SortHeader key={column.key} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      {rows.length < VIRTUAL_FROM ? (
        <div class={css.body} role="rowgroup">
          {rows.map((row, index) => (
            <TableRow key={props.keyOf(row)} {...props} row={row} index={index} tracks={tracks} />
          ))}
        </div>
      ) : (
        <VirtualBody {...props} tracks={tracks} />
      )}
    </div>
  );
}

function SortHeader<Row, Key extends string>({
  column,
  sort,
  onSort,
}: Pick<Props<Row, Key>, 'sort' | 'onSort'> & { column: Column<Row, Key> }) {
  const on = sort.by === column.key;
  return (
    <div
      role="columnheader"
      class={column.end ? css.end : ''}
      aria-sort={on ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        onClick={() => onSort({ by: column.key, descending: on ? !sort.descending : false })}
      >
        {column.label}
        {on && <Icon of={sort.descending ? arrowDown : arrowUp} size={12} />}
      </button>
    </div>
  );
}

function VirtualBody<Row, Key extends string>(props: Props<Row, Key> & { tracks: string }) {
  const body = useRef<HTMLDivElement>(null);
  const { rows, keyOf, scroller } = props;
  const at = (index: number) => rows[index];
  const virtual = useVirtual({
    count: rows.length,
    sizeOf: () => ROW,
    keyOf: (index) => {
      const row = at(index);
      return row === undefined ? index : keyOf(row);
    },
    list: body,
    ...(scroller && { scroller }),
  });
  return (
    <div class={css.body} role="rowgroup" ref={body} style={{ height: `${virtual.height}px` }}>
      {virtual.rows.map(({ key, index, start }) => {
        const row = at(index);
        return row !== undefined && <TableRow key={key} {...props} row={row} index={index} start={start} />;
      })}
    </div>
  );
}

interface RowProps<Row, Key extends string> extends Pick<Props<Row, Key>, 'columns' | 'onOpen'> {
  row: Row;
  index: number;
  tracks: string;
  start?: number;
}

function TableRow<Row, Key extends string>({
  columns,
  onOpen,
  row,
  index,
  tracks,
  start,
}: RowProps<Row, Key>) {
  const place = start === undefined ? {} : { transform: `translateY(${start}px)` };
  return (
    <div
      role="row"
      class={start === undefined ? css.row : `${css.row} ${css.virtual}`}
      style={{ gridTemplateColumns: tracks, ...place }}
      aria-rowindex={index + 2}
      tabIndex={onOpen ? 0 : undefined}
      onClick={() => onOpen?.(row)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onOpen?.(row);
      }}
    >
      {columns.map((column) => (
        <div key={column.key} role="cell" class={column.end ? `${css.cell} ${css.end}` : css.cell}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}
