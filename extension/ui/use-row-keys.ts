// The keyboard of a table's rows: one of them is reached by Tab, arrows and Page keys walk on, Home and End reach the ends.
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { nextRow, placeOf } from './next-row.ts';

export interface RowKeys {
  /** The row that Tab reaches; -1 where no row opens. */
  stop: number;
  /** The row that a click on this element opens; null for a control of its own, and outside of rows that open. */
  rowOf(target: EventTarget | null): number | null;
  onKeyDown(event: KeyboardEvent): void;
  onFocusIn(event: FocusEvent): void;
}

/**
 * @param keyOf what a row keeps when others come before it; the same function as long as all rows are the same, where they
 *   are many
 * @param opens whether a row is one that opens
 */
export function useRowKeys(
  count: number,
  keyOf: (index: number) => string | number,
  opens: (index: number) => boolean,
): RowKeys {
  /** The row that had the focus last; null before that. */
  const [chosen, choose] = useState<{ key: string | number } | null>(null);
  const stood = useRef(0);
  /** The table's own element, once a key asked for another row: that row takes the focus as soon as it is drawn. */
  const moved = useRef<Element | null>(null);
  const at = useMemo(() => {
    const found = chosen ? placeOf(chosen.key, stood.current, count, keyOf) : 0;
    // Where it is gone, what came in its place.
    if (found >= 0) stood.current = found;
    return stood.current < count ? stood.current : 0;
  }, [chosen, count, keyOf]);
  const stop = nextRow('ArrowDown', at - 1, count, opens);
  useLayoutEffect(() => {
    moved.current?.querySelector<HTMLElement>('[data-opens][tabindex="0"]')?.focus();
    moved.current = null;
  });
  const indexOf = (inside: Element) =>
    Number(inside.closest('[aria-rowindex]')?.getAttribute('aria-rowindex')) - 2;
  return {
    stop,
    rowOf(target) {
      if (!(target instanceof Element)) return null;
      const control = target.closest('button, a, input, select, label');
      const index = indexOf(target);
      if (control?.matches(':not([data-opens])') || index < 0 || index >= count || !opens(index)) return null;
      return index;
    },
    onKeyDown(event) {
      const { target, key } = event;
      if (!(target instanceof Element) || !target.matches('[data-opens]')) return;
      if (event.altKey || event.metaKey || event.shiftKey) return;
      const from = indexOf(target);
      const next = nextRow(key, from, count, opens);
      if (next < 0) return;
      event.preventDefault();
      if (next === from) return;
      moved.current = target.closest('[role=grid]');
      choose({ key: keyOf(next) });
    },
    onFocusIn({ target }) {
      if (!(target instanceof Element) || !target.matches('[data-opens]')) return;
      const key = keyOf(indexOf(target));
      if (key !== chosen?.key) choose({ key });
    },
  };
}
