// A balance over some days: a line on its own scale, an end dot, no axes. Stale: grey, hollow end, dotted to now.
import { useId } from 'preact/hooks';
import css from './sparkline.module.css';

const PAD = 3;
// Room at the right: for the end dot, or for the dotted way from the last number to now.
const ROOM = 4;
const STALE_ROOM = 22;
// Room above the highest point for a text.
const NOTE_ROOM = 22;

export interface SparkPoint {
  /** Place on the time axis; any unit. */
  at: number;
  value: number;
}

interface Props {
  label: string;
  width: number;
  height: number;
  points: readonly SparkPoint[];
  tone?: 'data' | 'warn' | 'bad';
  stale?: boolean;
  /** Texts above points, by index: a top-up's amount. */
  notes?: readonly { index: number; text: string }[];
}

/** Under two points a dashed hairline says that there is nothing yet. */
export function Sparkline({ label, width, height, points, tone = 'data', stale = false, notes = [] }: Props) {
  const id = useId();
  const look = [css.spark, stale ? css.stale : tone === 'data' ? '' : css[tone]].filter(Boolean).join(' ');
  const frame = {
    class: look,
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img' as const,
    'aria-label': label,
  };
  const end = points.at(-1);
  if (points.length < 2 || !end) {
    return (
      <svg {...frame}>
        <path class={css.none} d={`M0 ${height - 8}H${width}`} />
      </svg>
    );
  }
  const { x, y } = scales(
    points,
    width - (stale ? STALE_ROOM : ROOM),
    height,
    notes.length > 0 ? NOTE_ROOM : PAD,
  );
  const line = points.map((point) => `${round(x(point.at))} ${round(y(point.value))}`).join('L');
  const low = Math.min(...points.map(({ value }) => value));
  const crossed = low < 0 && points.some(({ value }) => value > 0);
  const [endX, endY] = [round(x(end.at)), round(y(end.value))];
  return (
    <svg {...frame}>
      <defs>
        <linearGradient id={`${id}f`} x1="0" y1="0" x2="0" y2="1">
          <stop class={css.stop} offset="0" stop-opacity=".22" />
          <stop class={css.stop} offset="1" stop-opacity="0" />
        </linearGradient>
        <linearGradient id={`${id}m`}>
          <stop offset="0" stop-color="#fff" stop-opacity="0" />
          <stop offset=".35" stop-color="#fff" />
        </linearGradient>
        <mask id={`${id}k`}>
          <rect width={width} height={height} fill={`url(#${id}m)`} />
        </mask>
      </defs>
      <path
        class={css.area}
        fill={`url(#${id}f)`}
        mask={`url(#${id}k)`}
        d={`M0 ${height}L${line}L${endX} ${height}Z`}
      />
      {crossed && <line class={css.zero} x1="0" x2={width} y1={round(y(0))} y2={round(y(0))} />}
      <path class={css.line} d={`M${line}`} />
      {stale && <path class={css.gap} d={`M${endX + 7} ${endY}H${width - 2}`} />}
      {stale ? (
        <circle class={css.hollow} cx={endX} cy={endY} r="3" />
      ) : (
        <circle class={css.end} cx={endX} cy={endY} r="4" />
      )}
      {notes.map(({ index, text }) => {
        const point = points[index];
        return (
          point && (
            <text
              key={index}
              class={css.note}
              x={Math.min(Math.max(round(x(point.at)), 24), width - 24)}
              y={Math.max(12, round(y(point.value)) - 8)}
              text-anchor="middle"
            >
              {text}
            </text>
          )
        );
      })}
    </svg>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;

function scales(points: readonly SparkPoint[], width: number, height: number, top: number) {
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const from = points[0]?.at ?? 0;
  const span = (points.at(-1)?.at ?? 0) - from || 1;
  // A flat line stands in the middle.
  const flat = high === low;
  return {
    x: (at: number) => ((at - from) / span) * width,
    y: (value: number) =>
      flat ? height / 2 : top + (1 - (value - low) / (high - low)) * (height - top - PAD),
  };
}
