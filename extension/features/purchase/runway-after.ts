// How long the credits would last with some more: the words of the line under a purchase.
import type { Runway } from '../../../shared/runway.ts';
import type { Ms } from '../../../shared/time.ts';
import type { PanelLocale } from '../../locales/panel.ts';
import { formatDuration, RUNWAY_END } from '../../ui/durations.ts';
import { formatRate } from '../../ui/figures.ts';

/** `runway` is that with the purchase, `now` the server's. Empty when nothing draws, or nobody can say. */
export function runwayAfter(runway: Runway | null, now: Ms, { t, language }: PanelLocale): string {
  if (runway === null || runway.per_hour <= 0n || runway.confidence === 'gathering') return '';
  const left = runway.ends_at === null ? RUNWAY_END : runway.ends_at - now;
  if (left <= 0) return '';
  return t('purchase.after_runway', {
    time: left >= RUNWAY_END ? t('runway.over') : t('runway.about', { time: formatDuration(left, language) }),
    rate: formatRate(runway.per_hour, language),
  });
}
