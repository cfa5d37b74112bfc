// Grid lines at round figures: 1, 2, 2.5 or 5 times a power of ten.

/** Lines from 0 to a round top at or above `high` in at most `steps` intervals; [0, 1] for nothing. */
export function niceScale(high: number, steps = 2): number[] {
  if (!(high > 0)) return [0, 1];
  const rough = high / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(high / step) + 1 }, (_, index) => index * step);
}
