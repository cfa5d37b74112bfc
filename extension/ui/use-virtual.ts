// Rows that exist only while they are near the window: for lists of over 500 rows. Scrolling belongs to the page or to
// the element that is handed in.
import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  observeWindowOffset,
  observeWindowRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks';

export interface VirtualRows {
  /** The rows to draw, each with its offset (`start`) from the top of the list, px. */
  rows: readonly VirtualItem[];
  /** Height of the whole list, px. */
  height: number;
  /** Brings a row into view. */
  scrollTo(index: number): void;
}

interface Options {
  count: number;
  /** Height of a row, px. */
  sizeOf: (index: number) => number;
  keyOf: (index: number) => string | number;
  /** The list's own element; its place in the page is measured. */
  list: RefObject<HTMLElement | null>;
  /** What scrolls; the page when it is left out. */
  scroller?: RefObject<HTMLElement | null>;
}

// Rows kept ready beyond each edge: enough for a fast wheel, few enough for a phone-like core.
const OVERSCAN = 8;

/** A list changes its place when something above it opens: the offset is measured at every draw. */
export function useVirtual({ count, sizeOf, keyOf, list, scroller }: Options): VirtualRows {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const margin = useRef(0);
  const shared = {
    count,
    estimateSize: sizeOf,
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: margin.current,
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
    scrollTo: (index) => virtualizer?.scrollToIndex(index, { align: 'auto' }),
  };
}
