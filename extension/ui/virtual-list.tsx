// A list of any length: few rows stand as they are, from VIRTUAL_FROM on only those near the window exist.
import type { ComponentChildren, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import { useVirtual } from './use-virtual.ts';
import css from './virtual-list.module.css';

const VIRTUAL_FROM = 500;

interface Props {
  count: number;
  /** Height of a row, px: what it really is, so that nothing moves while scrolling. */
  sizeOf: (index: number) => number;
  keyOf: (index: number) => string | number;
  /** What stands in row `index`: an element without a list item around it. */
  children: (index: number) => ComponentChildren;
  label?: string;
  scroller?: RefObject<HTMLElement | null>;
  part?: string;
}

export function VirtualList(props: Props) {
  return props.count < VIRTUAL_FROM ? <Whole {...props} /> : <Windowed {...props} />;
}

function Whole({ count, keyOf, children, label, part }: Props) {
  const rows = Array.from({ length: count }, (_, index) => <li key={keyOf(index)}>{children(index)}</li>);
  return (
    <ul aria-label={label} data-part={part}>
      {rows}
    </ul>
  );
}

function Windowed({ count, sizeOf, keyOf, children, label, scroller, part }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const { rows, height } = useVirtual({ count, sizeOf, keyOf, list, ...(scroller && { scroller }) });
  return (
    <ul class={css.list} ref={list} style={{ height: `${height}px` }} aria-label={label} data-part={part}>
      {rows.map((row) => (
        <li
          key={row.key}
          class={css.row}
          style={{ height: `${row.size}px`, transform: `translateY(${row.start}px)` }}
          aria-setsize={count}
          aria-posinset={row.index + 1}
        >
          {children(row.index)}
        </li>
      ))}
    </ul>
  );
}
