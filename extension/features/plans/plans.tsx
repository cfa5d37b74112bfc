// Plan comparison: what each gives, the current one marked, one button on each of the others.
import { useState } from 'preact/hooks';
import { readBalance } from '../../../shared/money.ts';
import { isPanelKey } from '../../locales/panel.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { formatBalance } from '../../ui/money.ts';
import { bolt } from '../../ui/panel-icons.ts';
import { Pill } from '../../ui/pill.tsx';
import { Section } from '../../ui/section.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatAhead } from '../../ui/days.ts';
import { usePanel } from '../panel/panel-context.ts';
import { ChangeRefusal } from '../panel/refusal.tsx';
import { useChange } from '../panel/use-change.ts';
import { WaitingNote } from '../panel/waiting-note.tsx';
import { type Offer, useOffers } from './offers.ts';
import css from './plans.module.css';

export function Plans() {
  const { locale } = usePanel();
  const { t } = locale;
  const { offers, failed, retry } = useOffers();
  const change = useChange('plan.choose', null);
  return (
    <Section title={t('plans.title')} aside={<span class="s t3">{t('plans.units')}</span>} part="plans">
      {offers === null ? (
        failed ? (
          <ErrorState icon={bolt} title={t('plans.unknown')} text={t('plans.unknown_text')}>
            <Button small onClick={retry}>
              {t('action.try_again')}
            </Button>
          </ErrorState>
        ) : (
          <p class={css.loading} role="status">
            {t('plans.loading')}
          </p>
        )
      ) : (
        <ul class={css.plans}>
          {offers.map((offer) => (
            <PlanRow key={offer.plan} offer={offer} offers={offers} change={change} />
          ))}
        </ul>
      )}
      <WaitingNote state={change.state} />
      <ChangeRefusal change={change} />
      <p class="s t2">{t('plans.limit')}</p>
    </Section>
  );
}

interface RowProps {
  offer: Offer;
  offers: readonly Offer[];
  change: ReturnType<typeof useChange<'plan.choose'>>;
}

function PlanRow({ offer, offers, change }: RowProps) {
  const { sections, locale, place, offset } = usePanel();
  const { t, language } = locale;
  const [asking, setAsking] = useState(false);
  const current = sections.plan;
  const running = offers.find(({ plan }) => plan === current?.plan);
  const isCurrent = offer.plan === current?.plan;
  const isNext = offer.plan === current?.next;
  const isMore = running !== undefined && perHour(offer) > perHour(running);
  const step = current == null ? t('plans.choose') : isMore ? t('plans.upgrade') : t('plans.switch');
  const cycle = `cycle.${offer.cycle}`;
  const when = current
    ? formatAhead(Date.parse(current.next_at ?? current.end), Date.now() + offset, place)
    : '';
  const monthly = offer.monthly_credits;
  return (
    <li class={css.plan} data-plan={offer.plan}>
      <div>
        <b class="w6">{offer.title}</b>
        <p class="s t2">{featureText(offer, t)}</p>
      </div>
      <div class={css.figure}>
        <div class="w5">
          {monthly === null
            ? t('plan.payg')
            : t('plans.monthly', { amount: formatBalance(readBalance(monthly), language) })}
        </div>
        <div class="s t2">
          {monthly === null
            ? t('plans.light')
            : t('plans.per', {
                amount: formatBalance(readBalance(offer.allowance), language),
                cycle: isPanelKey(cycle) ? t(cycle) : offer.cycle,
              })}
        </div>
      </div>
      <span class={css.step}>
        {isNext ? (
          <Pill>{t('plans.from', { time: when })}</Pill>
        ) : isCurrent ? (
          current?.next === null || current?.next === undefined ? (
            <Pill tone="accent">{t('plans.current')}</Pill>
          ) : (
            <Button
              small
              part="choose"
              waiting={change.busy}
              waitingLabel={t('form.sending')}
              onClick={() => change.run({ plan: offer.plan })}
            >
              {t('plans.keep')}
            </Button>
          )
        ) : (
          <Button small part="choose" disabled={change.busy} onClick={() => setAsking(true)}>
            {step}
          </Button>
        )}
      </span>
      {asking && (
        <ConfirmDialog
          title={t('plans.confirm_title', { plan: offer.title })}
          text={isMore || current == null ? t('plans.confirm_now') : t('plans.confirm_later', { time: when })}
          confirm={step}
          cancel={t('action.cancel')}
          part="plan-dialog"
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            change.run({ plan: offer.plan });
          }}
        />
      )}
    </li>
  );
}

const HOURS: Record<string, number> = { '8h': 8, daily: 24, weekly: 168, monthly: 720 };
/** What a plan gives per hour: so plans of different cycles compare. */
function perHour({ allowance, cycle }: Offer): number {
  return Number(readBalance(allowance)) / (HOURS[cycle] ?? 24);
}

function featureText(offer: Offer, t: ReturnType<typeof usePanel>['locale']['t']): string {
  if (offer.discount_percent > 0) return t('plans.discount', { percent: String(offer.discount_percent) });
  return t(offer.monthly_credits === null ? 'plans.every_model' : 'plans.one_pool');
}
