// Stacked bars per day, week or month: drawn to the width they have, so that text stays 12 px.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import css from './bars.module.css';
import { niceScale } from './nice-scale.ts';

const HEIGHT = 132;
const TOP = 8;
const FLOOR = 112;
const GAP = 1;
const WIDEST = 28;
const LEAST = 0.5;
// A digit of 12 px with tabular figures, and as much air before the first.
const FIGURE = 7.5;
// A letter of 12 px, on average, and what parts two words.
const LETTER = 6.5;
const AIR = 8;

export interface Bar {
  label: string;
  /** Parts from the zero line up, in the order of the legend; those below 0 stand under it. */
  parts: readonly number[];
  /** The one that is not over yet. */
  now?: boolean;
  /** All of it in words, on hover. */
  title?: string;
}

interface Props {
  /** All figures in one sentence, for who cannot see them. */
  label: string;
  bars: readonly Bar[];
  /** How a figure of the grid is written. */
  figure: (value: number) => string;
  /** The smallest figure that `figure` can write. */
  unit?: number;
}

export function Bars({ label, bars, figure, unit = 0 }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(368);
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.max(160, frame.current?.clientWidth ?? 368));
    measure();
    const watcher = new ResizeObserver(measure);
    if (frame.current) watcher.observe(frame.current);
    return () => watcher.disconnect();
  }, []);

  const highs = bars.map(({ parts }) => total(parts, (value) => value > 0));
  const lows = bars.map(({ parts }) => total(parts, (value) => value < 0));
  const lines = niceScale(Math.max(0, ...highs), Math.min(0, ...lows), unit);
  const [bottom = 0, top = 1] = [lines[0], lines.at(-1)];
  const y = (value: number) => FLOOR - ((value - bottom) / (top - bottom)) * (FLOOR - TOP);
  const figures = lines.map(figure);
  const room = width - Math.max(...figures.map(({ length }) => length)) * FIGURE - FIGURE;
  const slot = room / Math.max(1, bars.length);
  const thick = Math.min(WIDEST, Math.max(2, Math.floor(slot * 0.6)));
  // Words that would touch, or leave the frame, are left out; the last one stays.
  const word = Math.max(0, ...bars.map((bar) => bar.label.length)) * LETTER;
  const every = Math.max(1, Math.ceil((word + AIR) / slot));
  return (
    <div class={css.frame} ref={frame}>
      <svg class={css.chart} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
        {lines.map((value, index) => (
          <g key={value}>
            <line x1="0" x2={room} y1={Math.round(y(value)) + 0.5} y2={Math.round(y(value)) + 0.5} />
            <text x={width} y={y(value) + 4} text-anchor="end">
              {figures[index]}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => {
          const centre = slot * (index + 0.5);
          const worded = (bars.length - 1 - index) % every === 0 && centre >= (bar.label.length * LETTER) / 2;
          return (
            <g key={`${index} ${bar.label}`}>
              {bar.title !== undefined && <title>{bar.title}</title>}
              {stack(bar.parts, y).map(({ part, from, to, last }) => (
                <path
                  key={part}
                  class={css[`f${Math.min(part + 1, 4)}`]}
                  d={piece(centre - thick / 2, from, to, thick, last)}
                />
              ))}
              {worded && (
                <text class={bar.now ? css.now : ''} x={centre} y={128} text-anchor="middle">
                  {bar.label}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

const total = (parts: readonly number[], of: (value: number) => boolean) =>
  parts.reduce((sum, value) => (of(value) ? sum + value : sum), 0);

/** Each part's edges, away from the zero line, with the gap before every one but the first. */
function stack(parts: readonly number[], y: (value: number) => number) {
  const grow = (isDown: boolean) => {
    const away = isDown ? 1 : -1;
    let sum = 0;
    const drawn = parts.flatMap((value, part) => {
      if (isDown ? value >= 0 : value <= 0) return [];
      const from = y(sum) + (sum === 0 ? 0 : away * GAP);
      sum += value;
      // However little it is, something of it is seen.
      const to = isDown ? Math.max(y(sum), from + LEAST) : Math.min(y(sum), from - LEAST);
      return [{ part, from, to }];
    });
    return drawn.map((each, index) => ({ ...each, last: index === drawn.length - 1 }));
  };
  return [...grow(false), ...grow(true)];
}

/** A piece of a bar, away from the zero line; the outermost has its outer corners rounded by 2. */
function piece(x: number, from: number, to: number, width: number, rounded: boolean): string {
  const r = rounded ? Math.min(2, Math.abs(from - to)) : 0;
  const rise = from > to ? r : -r;
  return `M${x} ${from}V${to + rise}q0 ${-rise} ${r} ${-rise}h${width - 2 * r}q${r} 0 ${r} ${rise}V${from}z`;
}
