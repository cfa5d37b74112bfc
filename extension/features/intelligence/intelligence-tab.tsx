// io.intelligence: how much of the quota is used and when it resets, which models used it, and the plans side by side.
import { paceOf, planAt, planUse } from '../../../shared/plan.ts';
import { readBalance } from '../../../shared/money.ts';
import { MINUTE } from '../../../shared/time.ts';
import { Countdown } from '../../ui/countdown.tsx';
import { formatPercent } from '../../ui/figures.ts';
import { formatBalance } from '../../ui/money.ts';
import { bolt } from '../../ui/panel-icons.ts';
import { Ring } from '../../ui/ring.tsx';
import { Section } from '../../ui/section.tsx';
import { Empty } from '../../ui/states.tsx';
import { formatFull, formatTime } from '../../ui/time.ts';
import { useNow } from '../../ui/use-now.ts';
import { usePanel } from '../panel/panel-context.ts';
import { Plans } from '../plans/plans.tsx';
import css from './intelligence.module.css';
import { ModelRows, poolParts } from './model-rows.tsx';
import { paceSentence, passedShare } from './pace-words.ts';

export function IntelligenceTab() {
  const { sections, ready, locale, offset, place } = usePanel();
  const { t, language } = locale;
  const now = useNow(MINUTE) + offset;
  if (!ready) return <h1 class="vh">{t('tab.intelligence')}</h1>;
  if (!sections.plan) {
    return (
      <>
        <h1 class="vh">{t('tab.intelligence')}</h1>
        <Empty icon={bolt} title={t('plan.none')} text={t('plan.none_text')} />
        <Plans />
      </>
    );
  }
  const plan = planAt(sections.plan, now);
  const pace = paceOf(plan, now);
  const passed = passedShare(plan, now);
  const left = readBalance(plan.allowance) - planUse(plan);
  const percent = pace.share === null ? null : formatPercent(pace.share, language);
  const amount = (micros: bigint) => formatBalance(micros, language);
  return (
    <>
      <h1 class="vh">{t('tab.intelligence')}</h1>
      <section class={css.quota} aria-label={t('plan.title', { plan: plan.title })}>
        {percent !== null && (
          <Ring
            label={t('plan.ring', { used: percent, passed: formatPercent(passed, language) })}
            text={percent}
            parts={poolParts(plan)}
            pace={passed}
            offPace={pace.state === 'ahead'}
          />
        )}
        <div class={css.words}>
          <h2>{t('plan.title', { plan: plan.title })}</h2>
          <p class={css.left}>
            {left >= 0n
              ? t('plan.left', { left: amount(left), all: amount(readBalance(plan.allowance)) })
              : t('plan.over', { amount: amount(-left) })}
          </p>
          <p class="t2 num" title={formatFull(pace.resets_at, place)}>
            <Countdown until={pace.resets_at} offset={offset} language={language}>
              {(time) => t('plan.resets', { time })}
            </Countdown>{' '}
            <span class="t3 nw">({formatTime(pace.resets_at, place)})</span>
          </p>
          {pace.share !== null && (
            <p class={css.pace} data-part="pace">
              {paceSentence(pace, now, place, locale, 'sentence')}
            </p>
          )}
        </div>
      </section>
      <Section title={t('plan.by_model')} aside={<span class="s t3">{t('plan.by_model_units')}</span>}>
        {plan.models.length === 0 ? <p class="s t2">{t('plan.no_models')}</p> : <ModelRows plan={plan} />}
      </Section>
      <Plans />
    </>
  );
}
