// The plan in three lines: how much of it is used, by which models, and when it is full again.
import type { GlanceLocale } from '../../locales/glance.ts';
import { Countdown } from '../../ui/countdown.tsx';
import { formatPercent } from '../../ui/figures.ts';
import { Meter, meterTone, Swatch } from '../../ui/meter.tsx';
import { formatPrice } from '../../ui/money.ts';
import { modelName } from '../../ui/names.ts';
import { Section } from '../../ui/section.tsx';
import { formatMoment } from '../../ui/time.ts';
import type { Snapshot, SnapshotPlan } from '../../view/snapshot.ts';
import { type PlanShare, planShare } from './plan-share.ts';
import css from './plan-summary.module.css';

/** Models that have room in one line. */
const NAMED = 2;

interface Props {
  plan: SnapshotPlan;
  snapshot: Snapshot;
  now: number;
  locale: GlanceLocale;
}

export function PlanSummary({ plan, snapshot, now, locale }: Props) {
  const { t, language } = locale;
  const share = planShare(plan, now + snapshot.clock_offset);
  const title = t('plan.title', { plan: plan.title });
  const { percent } = share;
  const tone = percent === null ? 'data' : meterTone(percent);
  return (
    <Section
      title={title}
      part="plan"
      aside={
        <>
          <span class={css.reset}>
            {percent === null ? (
              t('plan.payg')
            ) : (
              <Reset share={share} snapshot={snapshot} now={now} locale={locale} />
            )}
          </span>
          {percent !== null && (
            <b class={tone === 'data' ? 'w6 num' : `w6 num ${tone}`}>{formatPercent(percent, language)}</b>
          )}
        </>
      }
    >
      {percent !== null && (
        <>
          <div class={css.meter}>
            <Meter
              label={title}
              parts={percent >= 100 ? [percent] : [...share.parts.map((part) => part.percent), share.others]}
            />
          </div>
          <Note plan={plan} share={share} locale={locale} />
        </>
      )}
    </Section>
  );
}

function Reset({ share, snapshot, now, locale }: Omit<Props, 'plan'> & { share: PlanShare }) {
  const { t, language } = locale;
  const { resets_at, renewed } = share;
  if (resets_at === null) return null;
  if (renewed) {
    const place = { language, timezone: snapshot.account.timezone };
    return <>{t('plan.renewed', { time: formatMoment(resets_at, now, place) })}</>;
  }
  return (
    <Countdown until={resets_at} offset={snapshot.clock_offset} language={language}>
      {(time) => t('plan.resets', { time })}
    </Countdown>
  );
}

/** Under the meter: who used it, or what happens beyond it. */
function Note({
  plan,
  share,
  locale: { t, language },
}: {
  plan: SnapshotPlan;
  share: PlanShare;
  locale: GlanceLocale;
}) {
  const { percent, over, parts } = share;
  if (over > 0n || (percent !== null && percent >= 100)) {
    return (
      <p class={css.note}>
        <b class="bad">
          {over > 0n ? t('plan.over', { amount: formatPrice(over, language) }) : t('plan.used_up')}
        </b>
        {t(over > 0n ? 'plan.billed' : 'plan.next')}
      </p>
    );
  }
  const used = parts.filter((part) => part.percent > 0).slice(0, NAMED);
  const more = plan.model_count - used.length;
  if (used.length === 0) return <p class={css.note}>{t('plan.unused')}</p>;
  return (
    <div class={css.legend}>
      {used.map((part, index) => (
        <span key={part.model} title={part.model}>
          <Swatch index={index} />
          <span class="cut">{modelName(part.model)}</span>
          <b>{formatPercent(part.percent, language)}</b>
        </span>
      ))}
      {more > 0 && <span class="t3 num">+{more}</span>}
    </div>
  );
}
