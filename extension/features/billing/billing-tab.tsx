// Usage and Billing: the number and its parts, what was spent, what other platforms do not tell, all transactions.
import { readBalance } from '../../../shared/money.ts';
import { Button } from '../../ui/button.tsx';
import { formatBalance, formatExact } from '../../ui/money.ts';
import { Section } from '../../ui/section.tsx';
import { BeforeFirstSync } from '../panel/before-first-sync.tsx';
import { useFirstKind } from '../panel/decisions.tsx';
import { FiguresRow } from '../panel/figures-row.tsx';
import { Headline } from '../panel/headline.tsx';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { to } from '../panel/route.ts';
import { Transactions } from '../transactions/transactions.tsx';
import css from './billing.module.css';
import { SpendChart } from './spend-chart.tsx';

export function BillingTab() {
  const { snapshot, sections, locale, ready, go } = usePanel();
  const { t, language } = locale;
  const first = useFirstKind();
  if (snapshot.confirmed_at === null && !ready) return <BeforeFirstSync tab="billing" />;
  const credits = sections.credits ?? snapshot.credits;
  const part = (label: string, micros: bigint) => ({
    label,
    value: formatBalance(micros, language),
    title: formatExact(micros, language),
  });
  const of = (text: string | undefined) => readBalance(text ?? '0');
  return (
    <>
      <h1 class="vh">{t('tab.billing')}</h1>
      <section class={css.head} aria-label={t('balance.label')}>
        <div class={panel.label}>{t('balance.label')}</div>
        <Headline micros={of(credits?.balance)} size={32} />
        <div class={css.columns}>
          <FiguresRow
            items={[
              part(t('balance.part.available'), of(credits?.available)),
              part(t('balance.held_word'), of(credits?.held) + of(credits?.reserved)),
              part(t('balance.withdrawable'), of(credits?.withdrawable)),
            ]}
          />
        </div>
        <div class={css.actions}>
          <Button kind={first} wide part="purchase" onClick={() => go(to('billing', 'purchase'))}>
            {t('action.purchase')}
          </Button>
          <Button wide part="withdraw" onClick={() => go(to('billing', 'withdraw'))}>
            {t('action.withdraw')}
          </Button>
        </div>
      </section>
      {ready && (
        <>
          <SpendChart />
          <Section title={t('earnings.title')} part="earnings">
            <p class="s t2">{t('earnings.text')}</p>
          </Section>
          <Transactions />
        </>
      )}
    </>
  );
}
