// What stands under the balance: how long it lasts, in two pieces, the first of which is set stronger.
import { type Micros, readBalance } from '../../../shared/micros.ts';
import type { Ms } from '../../../shared/time.ts';
import type { GlanceLocale } from '../../locales/glance.ts';
import { formatDuration, RUNWAY_END } from '../../ui/durations.ts';
import { formatRate } from '../../ui/figures.ts';
import type { SnapshotCredits, SnapshotRunway } from '../../view/snapshot.ts';

export interface RunwayWords {
  strong: string;
  rest: string;
  tone: '' | 'warn';
}

/** `now` is the server's; `low` while an alert of balance or runway is crossed. */
export function runwayWords(
  credits: SnapshotCredits | null,
  runway: SnapshotRunway | null,
  low: boolean,
  now: Ms,
  { t, language }: GlanceLocale,
): RunwayWords {
  const perHour: Micros = runway ? readBalance(runway.per_hour) : 0n;
  if (!credits || !runway || perHour === 0n) return { strong: '', rest: t('runway.idle'), tone: '' };
  const rate = formatRate(perHour, language);
  const spending = t('runway.spending', { rate });
  if (readBalance(credits.available) <= 0n) return { strong: t('runway.none'), rest: spending, tone: '' };
  if (runway.confidence === 'gathering') return { strong: t('runway.gathering'), rest: spending, tone: '' };
  const left = runway.ends_at === null ? RUNWAY_END : runway.ends_at - now;
  if (left <= 0) return { strong: t('runway.none'), rest: spending, tone: '' };
  const strong =
    left >= RUNWAY_END ? t('runway.over') : t('runway.about', { time: formatDuration(left, language) });
  return { strong, rest: t('runway.left', { rate }), tone: low ? 'warn' : '' };
}
