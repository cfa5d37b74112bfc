// How long the credits last: "about 3 d 4 h left at $1.24/h", or that nobody can say yet.
import type { Micros } from '../../../shared/money.ts';
import { HOUR, MINUTE, DAY } from '../../../shared/time.ts';
import { type Runway, runwayOf } from '../../../shared/runway.ts';
import { formatDuration, RUNWAY_END } from '../../ui/durations.ts';
import { formatRate } from '../../ui/figures.ts';
import { useNow } from '../../ui/use-now.ts';
import { usePanel } from '../panel/panel-context.ts';
import css from './overview.module.css';

/** The runway as of now, with `more` credits; null while the sections are not here, or there is no credits section. */
export function useRunway(more: Micros = 0n): Runway | null {
  const { sections, offset } = usePanel();
  const now = useNow(MINUTE) + offset;
  const { credits, clusters, spend, recent } = sections;
  if (!credits) return null;
  return runwayOf(
    { credits, clusters: clusters ?? [], spend: spend ?? null, recent: recent ?? [] },
    now,
    more,
  );
}

export function RunwayLine() {
  const { locale, ready, offset } = usePanel();
  const { t, language } = locale;
  const runway = useRunway();
  if (!ready) return <p class={css.runway} />;
  const rate = runway === null || runway.per_hour === 0n ? null : formatRate(runway.per_hour, language);
  if (runway === null || rate === null) return <p class={css.runway}>{t('runway.idle')}</p>;
  if (runway.confidence === 'gathering') {
    return (
      <p class={css.runway}>
        <b>{t('runway.gathering')}</b>
        {t('runway.spending', { rate })}
      </p>
    );
  }
  const left = runway.ends_at === null ? RUNWAY_END : runway.ends_at - offset - Date.now();
  if (left <= 0) {
    return (
      <p class={css.runway}>
        <b class="bad">{t('runway.none')}</b>
        {t('runway.spending', { rate })}
      </p>
    );
  }
  const look = left < 2 * HOUR ? 'bad' : left < DAY ? 'warn' : '';
  const time =
    left >= RUNWAY_END ? t('runway.over') : t('runway.about', { time: formatDuration(left, language) });
  return (
    <p class={css.runway} data-part="runway">
      <b class={look}>{time}</b>
      {t('runway.left', { rate })}
    </p>
  );
}
