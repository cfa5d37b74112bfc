// Whether the pool lasts until its reset, in words.
import type { Pace, Plan } from '../../../shared/plan.ts';
import type { Ms } from '../../../shared/time.ts';
import type { PanelLocale } from '../../locales/panel.ts';
import { formatPercent } from '../../ui/figures.ts';
import { formatAhead } from '../../ui/days.ts';
import type { Place } from '../../ui/time.ts';

/** Percent of the period that has passed. */
export function passedShare({ start, end }: Plan, now: Ms): number {
  const [from, until] = [Date.parse(start), Date.parse(end)];
  return Math.min(100, Math.max(0, ((now - from) / (until - from)) * 100));
}

/** `short` stands behind the plan's name: "on pace"; else a sentence of its own. */
export function paceSentence(
  { state, expected, runs_out_at }: Pace,
  now: Ms,
  place: Place,
  { t, language }: PanelLocale,
  size: 'short' | 'sentence',
): string {
  const short = size === 'short';
  switch (state) {
    case 'gathering':
      return short ? t('pace.gathering_short') : t('pace.gathering');
    case 'over':
      return short ? t('pace.over_short') : t('pace.over');
    case 'ahead': {
      const time = formatAhead(runs_out_at ?? now, now, place);
      return short ? t('pace.ahead_short', { time }) : t('pace.ahead', { time });
    }
    case 'on_pace':
      return short
        ? t('pace.on_pace_short')
        : t('pace.on_pace', { percent: formatPercent(expected ?? 0, language) });
  }
}
