// A table of any length: its head stays in sight, arrows walk its rows, Enter or a click opens one. With row heights only
// what is near the window exists.
import type { VirtualItem } from '@tanstack/virtual-core';
import type { ButtonHTMLAttributes, ComponentChildren, RefObject, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import css from './table.module.css';
import { useRowKeys } from './use-row-keys.ts';
import { useVirtual } from './use-virtual.ts';

export interface Row {
  class?: string | undefined;
  /** Marks for what looks for a row, as `data-entry`. */
  data?: Record<`data-${string}`, string | number>;
  /** Elements with the role of a cell; the first holds a `RowStep` where the row opens. */
  cells: ComponentChildren;
}

interface Props {
  label: string;
  part?: string;
  /** Elements with the role of a column's header. */
  head: ComponentChildren;
  headClass?: string | undefined;
  /** What stands over the rows once the first of them went under the head, by the first row in sight. */
  over?: (index: number) => ComponentChildren;
  count: number;
  /** Whether more rows follow that are not read. */
  goesOn?: boolean;
  keyOf: (index: number) => string | number;
  /** A row as it stands; the same function as long as all rows are the same: drawn rows are kept. */
  row: (index: number, tabIndex: 0 | -1) => Row;
  /** Rows that only say something, as the heading of a day, are left out. */
  opens?: (index: number) => boolean;
  onOpen: (index: number) => void;
  /** Height of a row, px, as it really is. Left out for few rows of any height, which then all stand. */
  sizeOf?: (index: number) => number;
  scroller?: RefObject<HTMLElement | null>;
  /** Called after every draw with the last row that is drawn. */
  onDrawn?: (last: number) => void;
  /** What stays at the top of the scroller, px: the head stands under it. */
  under?: number;
}

interface Placed {
  index: number;
  key: VirtualItem['key'];
  start: number;
  size: number;
}

interface Drawn extends Omit<Placed, 'key'> {
  tabIndex: 0 | -1;
  element: VNode;
}

const always = () => true;

/** What a row is opened with: the text of its first cell. `tabIndex` is what the table hands to `row`. */
export function RowStep({ tabIndex, ...rest }: ButtonHTMLAttributes) {
  return <button type="button" data-opens="" tabIndex={tabIndex} {...rest} />;
}

export function Table(props: Props) {
  return props.sizeOf === undefined ? <Whole {...props} /> : <Windowed {...props} sizeOf={props.sizeOf} />;
}

function Whole(props: Props) {
  const keys = useRowKeys(props.count, props.keyOf, props.opens ?? always);
  const placed = Array.from({ length: props.count }, (_, index) => ({
    index,
    key: props.keyOf(index),
    start: 0,
    size: 0,
  }));
  return <Frame {...props} placed={placed} keys={keys} body={useRef<HTMLDivElement>(null)} over={null} />;
}

function Windowed(props: Props & { sizeOf: (index: number) => number }) {
  const { count, sizeOf, keyOf, scroller, under = 0 } = props;
  const body = useRef<HTMLDivElement>(null);
  const keys = useRowKeys(count, keyOf, props.opens ?? always);
  const { rows, height, offset } = useVirtual({
    count,
    sizeOf,
    keyOf,
    list: body,
    always: keys.stop,
    ...(scroller && { scroller }),
  });
  useLayoutEffect(() => props.onDrawn?.(rows.findLast(({ index }) => index !== keys.stop)?.index ?? -1));
  const top = offset + under;
  const first = top > 0 ? rows.find(({ start, size }) => start + size > top) : undefined;
  const over = first && props.over?.(first.index);
  return <Frame {...props} placed={rows} keys={keys} body={body} height={height} over={over} />;
}

interface FrameProps extends Omit<Props, 'over'> {
  over: ComponentChildren;
  placed: readonly Placed[];
  keys: ReturnType<typeof useRowKeys>;
  body: RefObject<HTMLDivElement | null>;
  /** Of all rows, px; null where they stand as they are. */
  height?: number;
}

function Frame(props: FrameProps) {
  const { label, part, count, goesOn = false, keys, body, placed, height, over, under = 0, onOpen } = props;
  const draw = useDrawnRows(props);
  const click = (event: MouseEvent) => {
    const row = keys.rowOf(event.target);
    if (row !== null) onOpen(row);
  };
  const isWindowed = height !== undefined;
  return (
    <div
      class={css.table}
      style={{ '--under': `${under}px` }}
      role="grid"
      aria-label={label}
      aria-rowcount={goesOn ? -1 : count + 1}
      data-part={part}
    >
      <div class={css.head} role="rowgroup">
        <div class={props.headClass} role="row" aria-rowindex={1}>
          {props.head}
        </div>
        <div class={css.over} aria-hidden="true">
          {over}
        </div>
      </div>
      <div
        class={css.body}
        ref={body}
        role="rowgroup"
        style={isWindowed ? { height: `${height}px` } : undefined}
        onClick={click}
        onKeyDown={keys.onKeyDown}
        onFocusIn={keys.onFocusIn}
      >
        {placed.map((at) => draw(at, at.index === keys.stop ? 0 : -1, isWindowed))}
      </div>
    </div>
  );
}

/** Elements of rows, each the same as long as nothing of it changed: Preact passes over those. */
function useDrawnRows({ row, opens = always }: Pick<Props, 'row' | 'opens'>) {
  const kept = useRef<{ row: Props['row']; drawn: Map<VirtualItem['key'], Drawn> }>({
    row,
    drawn: new Map(),
  });
  const before = kept.current.row === row ? kept.current.drawn : new Map<VirtualItem['key'], Drawn>();
  const drawn = new Map<VirtualItem['key'], Drawn>();
  kept.current = { row, drawn };
  return ({ index, key, start, size }: Placed, tabIndex: 0 | -1, isWindowed: boolean): VNode => {
    const known = before.get(key);
    const isSame =
      known?.index === index && known.start === start && known.size === size && known.tabIndex === tabIndex;
    if (isSame) {
      drawn.set(key, known);
      return known.element;
    }
    const { class: own, data, cells } = row(index, tabIndex);
    const look = [own, opens(index) ? css.opens : '', isWindowed ? css.placed : ''].filter(Boolean).join(' ');
    const element = (
      <div
        key={key}
        role="row"
        class={look}
        style={isWindowed ? { height: `${size}px`, transform: `translateY(${start}px)` } : undefined}
        aria-rowindex={index + 2}
        {...data}
      >
        {cells}
      </div>
    );
    drawn.set(key, { index, start, size, tabIndex, element });
    return element;
  };
}
