// How much of something is used: segments up to 100%, over it the pool and what is beyond, with the pace of time.
import css from './meter.module.css';

export type MeterTone = 'data' | 'warn' | 'bad';

interface Props {
  /** The accessible name. */
  label: string;
  /** Percent of each part, most first; their sum is what is used. */
  parts: readonly number[];
  /** Percent of the time that has passed; drawn as a tick with `paceTitle`. */
  pace?: number | undefined;
  paceTitle?: string | undefined;
  /** Warn too when it runs out before its time. */
  offPace?: boolean;
  /** For what is no limit: served hours, which are meant to be used up. */
  plain?: boolean;
}

/** Under 80% data colours, from 80% or off pace warn, from 100% bad. */
export function meterTone(percent: number, offPace = false): MeterTone {
  if (percent >= 100) return 'bad';
  return percent >= 80 || offPace ? 'warn' : 'data';
}

export function Meter({ label, parts, pace, paceTitle, offPace = false, plain = false }: Props) {
  const used = parts.reduce((sum, part) => sum + part, 0);
  const tone = plain ? 'data' : meterTone(used, offPace);
  const whole = Math.round(used);
  return (
    <div class={css.frame}>
      {used > 100 ? (
        <div
          class={css.over}
          role="meter"
          aria-label={label}
          aria-valuenow={whole}
          aria-valuemin={0}
          aria-valuemax={whole}
          aria-valuetext={`${whole}%`}
        >
          <i style={{ width: `${10_000 / used}%` }} />
          <i />
        </div>
      ) : (
        <div
          class={tone === 'data' ? css.meter : `${css.meter} ${css[tone]}`}
          role="meter"
          aria-label={label}
          aria-valuenow={whole}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuetext={`${whole}%`}
        >
          {parts.map((part, index) => part > 0 && <i key={index} style={{ width: `${part}%` }} />)}
        </div>
      )}
      {pace !== undefined && (
        <span class={css.pace} style={{ left: `${Math.min(100, Math.max(0, pace))}%` }} title={paceTitle} />
      )}
    </div>
  );
}

/** The small square that ties a legend's word to its colour; `index` counts from 0, beyond 2 is "other". */
export function Swatch({ index }: { index: number }) {
  const colour = [css.s1, css.s2, css.s3][index];
  return <i class={colour ? `${css.swatch} ${colour}` : css.swatch} />;
}
