// A ring of 88: how much of a pool is used, with the pace of time across it. Only the percentage stands inside.
import { meterTone } from './meter.tsx';
import css from './ring.module.css';

const SIZE = 88;
const STROKE = 8;
const RADIUS = (SIZE - STROKE) / 2;
const ROUND = 2 * Math.PI * RADIUS;
const GAP = 2;

interface Props {
  /** The accessible name: "46% of the quota used, 54% of the time passed". */
  label: string;
  /** What stands inside: "46%". */
  text: string;
  /** Percent of each part, most first. */
  parts: readonly number[];
  /** Percent of the time that has passed. */
  pace?: number | undefined;
  offPace?: boolean;
}

export function Ring({ label, text, parts, pace, offPace = false }: Props) {
  const used = parts.reduce((sum, part) => sum + part, 0);
  const tone = meterTone(used, offPace);
  return (
    <svg
      class={css.ring}
      width={SIZE}
      height={SIZE}
      viewBox={`0 0 ${SIZE} ${SIZE}`}
      role="img"
      aria-label={label}
    >
      <g transform={`rotate(-90 ${SIZE / 2} ${SIZE / 2})`}>
        <circle class={css.track} cx={SIZE / 2} cy={SIZE / 2} r={RADIUS} />
        {arcs(used > 100 ? [100] : parts).map(({ from, length }, index) => (
          <circle
            key={index}
            class={css[tone === 'data' ? `d${Math.min(index + 1, 4)}` : tone]}
            cx={SIZE / 2}
            cy={SIZE / 2}
            r={RADIUS}
            stroke-dasharray={`${length.toFixed(2)} ${(ROUND - length).toFixed(2)}`}
            stroke-dashoffset={(-from).toFixed(2)}
          />
        ))}
      </g>
      {pace !== undefined && <Tick at={Math.min(1, Math.max(0, pace / 100))} />}
      <text x="50%" y="50%" dy="7" text-anchor="middle">
        {text}
      </text>
    </svg>
  );
}

/** Each part's place on the circle, px, with a gap after it unless it closes the ring. */
function arcs(parts: readonly number[]): { from: number; length: number }[] {
  let from = 0;
  return parts
    .filter((part) => part > 0)
    .map((part) => {
      const whole = (Math.min(part, 100) / 100) * ROUND;
      const arc = { from, length: part >= 100 ? ROUND : Math.max(whole - GAP, 0.5) };
      from += whole;
      return arc;
    });
}

function Tick({ at }: { at: number }) {
  const angle = 2 * Math.PI * at - Math.PI / 2;
  const on = (radius: number) =>
    `${(SIZE / 2 + radius * Math.cos(angle)).toFixed(1)} ${(SIZE / 2 + radius * Math.sin(angle)).toFixed(1)}`;
  const line = `M${on(RADIUS - 6)}L${on(RADIUS + 6)}`;
  return (
    <>
      <path class={css.tickEdge} d={line} />
      <path class={css.tick} d={line} />
    </>
  );
}
