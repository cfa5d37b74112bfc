// Overview: the number, how long it lasts, what to do next, what runs and what moved last.
import { readBalance } from '../../../shared/money.ts';
import type { Tasks } from '../../../shared/tasks.ts';
import { DAY } from '../../../shared/time.ts';
import { Button, Link } from '../../ui/button.tsx';
import { formatBalance, formatExact, formatMovement } from '../../ui/money.ts';
import { Section } from '../../ui/section.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { formatFull, formatMoment } from '../../ui/time.ts';
import { DEPLOY_URL } from '../cloud/deploy-url.ts';
import { LiveClusters } from '../clusters/live-clusters.tsx';
import { NextTask } from '../getting-started/next-task.tsx';
import { PlanSummary } from '../intelligence/plan-summary.tsx';
import { BeforeFirstSync } from '../panel/before-first-sync.tsx';
import { useFirstKind } from '../panel/decisions.tsx';
import { FiguresRow } from '../panel/figures-row.tsx';
import { Headline } from '../panel/headline.tsx';
import { usePanel } from '../panel/panel-context.ts';
import panel from '../panel/panel.module.css';
import { to } from '../panel/route.ts';
import { typeWord } from '../panel/words.ts';
import { subjectOf } from '../transactions/subject.ts';
import { balanceLine } from './balance-line.ts';
import css from './overview.module.css';
import { RunwayLine } from './runway-line.tsx';
import { useWidth } from './use-width.ts';

const ENTRIES = 5;

export function OverviewTab() {
  const { sections, ready, snapshot } = usePanel();
  // Until the first purchase settled, the tasks come before everything that is still empty.
  // The snapshot knows it before the sections are here, so that nothing moves when they come.
  const isNew = ready
    ? isBeforeFirstPurchase(sections.tasks ?? null)
    : snapshot.credits === null || snapshot.tasks_open.includes('first_purchase');
  if (snapshot.confirmed_at === null && !ready) return <BeforeFirstSync tab="overview" />;
  return (
    <>
      <h1 class="vh">{usePanel().locale.t('tab.overview')}</h1>
      {isNew && <NextTask all />}
      <Hero />
      {ready && (
        <>
          {!isNew && <NextTask />}
          <PlanSummary />
          <LiveClusters />
          <RecentTransactions />
        </>
      )}
    </>
  );
}

/** The ledger tells the tasks with its first row; before it, all is still to do. */
function isBeforeFirstPurchase(tasks: Tasks | null): boolean {
  return tasks === null || tasks.some(({ id, done_at }) => id === 'first_purchase' && done_at === null);
}

function Hero() {
  const { snapshot, sections, locale, go } = usePanel();
  const { t, language } = locale;
  const credits = sections.credits ?? snapshot.credits;
  const amount = (text: string) => formatBalance(readBalance(text), language);
  const exact = (text: string) => formatExact(readBalance(text), language);
  const held = credits ? readBalance(credits.held) + readBalance(credits.reserved) : 0n;
  const available = credits?.available ?? '0';
  const withdrawable = credits?.withdrawable ?? '0';
  return (
    <section class={css.hero} aria-label={t('balance.label')}>
      <div class={panel.label}>{t('balance.label')}</div>
      <Headline micros={readBalance(credits?.balance ?? '0')} size={40} />
      <RunwayLine />
      <Line />
      <div class={css.columns}>
        <FiguresRow
          items={[
            { label: t('balance.part.available'), value: amount(available), title: exact(available) },
            {
              label: t('balance.held_word'),
              value: formatBalance(held, language),
              title: formatExact(held, language),
            },
            { label: t('balance.withdrawable'), value: amount(withdrawable), title: exact(withdrawable) },
          ]}
        />
      </div>
      <div class={css.actions}>
        <Button kind={useFirstKind()} wide part="purchase" onClick={() => go(to('billing', 'purchase'))}>
          {t('action.purchase')}
        </Button>
        <Button wide part="deploy" onClick={() => void window.open(DEPLOY_URL, '_blank', 'noreferrer')}>
          {t('action.deploy')}
        </Button>
      </div>
    </section>
  );
}

function Line() {
  const { snapshot, sections, locale, offset, place } = usePanel();
  const { t, language } = locale;
  const [frame, width] = useWidth(368);
  const now = Date.now() + offset;
  const credits = sections.credits ?? snapshot.credits;
  const line = balanceLine(
    { balance: credits?.balance ?? '0', spend: sections.spend ?? null, recent: sections.recent ?? [] },
    now,
  );
  const low = readBalance(credits?.available ?? '0') <= 0n && credits !== null;
  // The snapshot knows of a line before the sections are here, so that nothing moves when they come.
  const isShort = line.points.length < 2 && snapshot.trend.length < 2;
  return (
    <div class={isShort ? `${css.line} ${css.short}` : css.line} ref={frame}>
      <Sparkline
        label={t('balance.trend')}
        width={width}
        height={isShort ? 16 : 72}
        points={line.points}
        tone={low ? 'bad' : 'data'}
        stale={snapshot.connection === 'offline'}
        notes={line.tops
          .slice(-3)
          .map(({ index, amount }) => ({ index, text: formatMovement(amount, language) }))}
      />
      <div class={css.axis}>
        {line.points.length < 2 ? (
          <span>{t('balance.no_line')}</span>
        ) : (
          <>
            <span>{formatMoment((line.points[0]?.at ?? now) - DAY / 24, now, place)}</span>
            <span>{t('time.now')}</span>
          </>
        )}
      </div>
    </div>
  );
}

function RecentTransactions() {
  const { sections, locale, place, offset, go } = usePanel();
  const { t, language } = locale;
  const entries = (sections.recent ?? []).slice(-ENTRIES).reverse();
  const now = Date.now() + offset;
  return (
    <Section
      title={t('overview.recent')}
      part="recent"
      aside={entries.length > 0 && <Link onClick={() => go(to('billing'))}>{t('transactions.all')}</Link>}
    >
      {entries.length === 0 ? (
        <p class="s t2">{t('transactions.empty')}</p>
      ) : (
        <ul class={css.rows}>
          {entries.map((entry) => {
            const micros = readBalance(entry.amount);
            const subject = subjectOf(entry, sections.clusters ?? [], locale);
            return (
              <li key={entry.n}>
                <button
                  type="button"
                  class={css.entry}
                  onClick={() => go(to('billing', 'entry', String(entry.n)))}
                >
                  <time
                    class={css.when}
                    dateTime={new Date(entry.at).toISOString()}
                    title={formatFull(entry.at, place)}
                  >
                    {formatMoment(entry.at, now, place)}
                  </time>
                  <span class={css.what}>
                    <span>{typeWord(entry.type, locale)}</span>
                    <span class="cut t2" title={subject}>
                      {subject}
                    </span>
                  </span>
                  <span
                    class={micros > 0n ? `${css.end} w5 pos` : `${css.end} w5`}
                    title={formatExact(micros, language)}
                  >
                    {entry.type === 'refused' ? '' : formatMovement(micros, language)}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </Section>
  );
}
