// Grid lines at round figures: 1, 2, 2.5 or 5 times a power of ten.

const ROUND = [1, 2, 2.5, 5, 10];

/**
 * Three lines at most: from 0 to a round top at or above `high`; with a `low` below 0 a round bottom, 0 and a round top.
 * @param unit the smallest figure that can be written: every line is a multiple of it
 * @returns upwards; [0, 1] for nothing
 */
export function niceScale(high: number, low = 0, unit = 0): number[] {
  const span = Math.max(high, -low);
  if (!(span > 0)) return [0, 1];
  const rough = span / 2;
  const power = 10 ** Math.floor(Math.log10(rough));
  const fits = (step: number) => step >= rough && (unit === 0 || isMultiple(step, unit));
  const step = ROUND.map((each) => each * power).find(fits) ?? Math.max(unit, 10 * power);
  const up = Math.max(0, Math.ceil(high / step));
  const down = Math.max(0, Math.ceil(-low / step));
  if (down === 0) return Array.from({ length: up + 1 }, (_, index) => index * step);
  return up === 0 ? [-down * step, 0] : [-down * step, 0, up * step];
}

/** As far as binary fractions tell. */
function isMultiple(value: number, unit: number): boolean {
  const count = Math.round(value / unit);
  return count > 0 && Math.abs(value - count * unit) < unit * 1e-6;
}
