// Rows that exist only while they are near the window: for lists of any length. Scrolling belongs to the page or to the
// element that is handed in.
import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  observeWindowOffset,
  observeWindowRect,
  type Range,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useReducer, useRef } from 'preact/hooks';

export interface VirtualRows {
  /** The rows to draw, each with its offset (`start`) from the top of the list, px. */
  rows: readonly VirtualItem[];
  /** Height of the whole list, px. */
  height: number;
  /** How far the list's top has gone over the scroller's, px; below 0 before that. */
  offset: number;
}

interface Options {
  count: number;
  /** Height of a row, px. The same function as long as all rows are the same: a new one has every row measured. */
  sizeOf: (index: number) => number;
  /** As `sizeOf`. */
  keyOf: (index: number) => string | number;
  /** The list's own element; its place in the page is measured. */
  list: RefObject<HTMLElement | null>;
  /** What scrolls; the page when it is left out. */
  scroller?: RefObject<HTMLElement | null>;
  /** A row that exists wherever the window stands, as the one with the focus; -1 for none. */
  always?: number;
}

// Rows kept ready beyond each edge: enough for a fast wheel, few enough for a phone-like core.
const OVERSCAN = 8;

/** A list changes its place when something above it opens: the offset is measured at every draw. */
export function useVirtual({ count, sizeOf, keyOf, list, scroller, always = -1 }: Options): VirtualRows {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const margin = useRef(0);
  const shared = {
    count,
    estimateSize: sizeOf,
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: margin.current,
    rangeExtractor: useCallback(
      (range: Range) => {
        const near = defaultRangeExtractor(range);
        return always < 0 || always >= count || near.includes(always)
          ? near
          : [...near, always].toSorted((a, b) => a - b);
      },
      [always, count],
    ),
    onChange: () => draw(undefined),
  };
  const made = useRef<Virtualizer<HTMLElement, HTMLElement> | Virtualizer<Window, HTMLElement>>(null);

  if (scroller) {
    const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
      ...shared,
      getScrollElement: () => scroller.current,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
    };
    const known = made.current as Virtualizer<HTMLElement, HTMLElement> | null; // a list keeps its kind of scroller
    if (known) known.setOptions(options);
    else made.current = new Virtualizer(options);
  } else {
    const options: VirtualizerOptions<Window, HTMLElement> = {
      ...shared,
      getScrollElement: () => window,
      observeElementRect: observeWindowRect,
      observeElementOffset: observeWindowOffset,
      scrollToFn: windowScroll,
      initialOffset: () => window.scrollY,
      initialRect: { width: window.innerWidth, height: window.innerHeight },
    };
    const known = made.current as Virtualizer<Window, HTMLElement> | null; // as above
    if (known) known.setOptions(options);
    else made.current = new Virtualizer(options);
  }

  useLayoutEffect(() => made.current?._didMount(), []);
  useLayoutEffect(() => {
    made.current?._willUpdate();
    const top = list.current?.getBoundingClientRect().top ?? 0;
    const from = scroller?.current
      ? top - scroller.current.getBoundingClientRect().top + scroller.current.scrollTop
      : top + window.scrollY;
    if (Math.abs(from - margin.current) < 1) return;
    margin.current = from;
    draw(undefined);
  });

  const virtualizer = made.current;
  return {
    rows: (virtualizer?.getVirtualItems() ?? []).map((row) => ({
      ...row,
      start: row.start - margin.current,
    })),
    height: virtualizer?.getTotalSize() ?? 0,
    offset: (virtualizer?.scrollOffset ?? 0) - margin.current,
  };
}
