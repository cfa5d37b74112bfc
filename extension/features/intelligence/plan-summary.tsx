// The plan on the Overview: how much of the pool is used, whether it lasts, and which models used it.
import { paceOf, planAt } from '../../../shared/plan.ts';
import { MINUTE } from '../../../shared/time.ts';
import { Countdown } from '../../ui/countdown.tsx';
import { formatPercent } from '../../ui/figures.ts';
import { Link } from '../../ui/button.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Section } from '../../ui/section.tsx';
import { useNow } from '../../ui/use-now.ts';
import overview from '../overview/overview.module.css';
import { usePanel } from '../panel/panel-context.ts';
import { to } from '../panel/route.ts';
import { ModelRows, poolParts } from './model-rows.tsx';
import { paceSentence, passedShare } from './pace-words.ts';

const SHOWN = 3;

/** Nothing while the account has no plan section. */
export function PlanSummary() {
  const { sections, locale, offset, place, go } = usePanel();
  const { t, language } = locale;
  const now = useNow(MINUTE) + offset;
  if (!sections.plan) return null;
  const plan = planAt(sections.plan, now);
  const pace = paceOf(plan, now);
  const passed = passedShare(plan, now);
  const more = plan.models.length - SHOWN;
  return (
    <Section
      title={t('plan.usage')}
      part="plan"
      aside={pace.share === null ? undefined : <b class="w6 num">{formatPercent(pace.share, language)}</b>}
    >
      {pace.share !== null && (
        <div class={overview.meter}>
          <Meter
            label={t('plan.title', { plan: plan.title })}
            parts={poolParts(plan)}
            pace={passed}
            paceTitle={t('plan.passed', { percent: formatPercent(passed, language) })}
            offPace={pace.state === 'ahead'}
          />
        </div>
      )}
      <p class={overview.under}>
        <span>
          {plan.title}
          {pace.share === null ? '' : `, ${paceSentence(pace, now, place, locale, 'short')}`}
        </span>
        <span class="nw">
          <Countdown until={pace.resets_at} offset={offset} language={language}>
            {(time) => t('plan.resets', { time })}
          </Countdown>
        </span>
      </p>
      <ModelRows plan={plan} shown={SHOWN} />
      {more > 0 && (
        <Link onClick={() => go(to('intelligence'))}>
          {t(more === 1 ? 'plan.more_one' : 'plan.more', { count: String(more) })}
        </Link>
      )}
    </Section>
  );
}
