// The number: what the account has, how long it lasts, and how much of it is free to spend.
import { readBalance } from '../../../shared/micros.ts';
import type { GlanceLocale } from '../../locales/glance.ts';
import { Icon } from '../../ui/icon.tsx';
import { chevronDown } from '../../ui/icons.ts';
import { formatBalance, formatExact, splitBalance } from '../../ui/money.ts';
import { Pill } from '../../ui/pill.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { Snapshot, SnapshotCredits } from '../../view/snapshot.ts';
import css from './balance.module.css';
import { runwayWords } from './runway-words.ts';
import type { SplitLines } from './split-lines.tsx';
import type { Trend } from './trend.tsx';

/** Longer numbers leave no room for a sparkline. */
const LONGEST_WITH_TREND = 11;
const LARGEST = 9;

interface Props {
  snapshot: Snapshot;
  /** Of this device. */
  now: number;
  locale: GlanceLocale;
  /** What follows the first frame, in places that are kept free for it. */
  extras: { Trend: typeof Trend; SplitLines: typeof SplitLines } | null;
}

export function Balance({ snapshot, ...props }: Props) {
  const { t } = props.locale;
  return (
    <section class={css.hero} aria-label={t('balance.label')}>
      {snapshot.confirmed_at === null ? (
        <>
          <div class={css.label}>{t('balance.label')}</div>
          <div class={css.row}>
            <Skeleton width={168} height={36} />
          </div>
          <p class="vh">{t('balance.waiting')}</p>
        </>
      ) : (
        <Figures {...props} snapshot={snapshot} />
      )}
    </section>
  );
}

function Figures({ snapshot, now, locale, extras }: Props) {
  const { t, language } = locale;
  const { credits, runway, alerts } = snapshot;
  const balance = credits ? readBalance(credits.balance) : 0n;
  const { whole, cents, after } = splitBalance(balance, language);
  const length = whole.length + cents.length + after.length;
  const low = alerts.includes('balance') || alerts.includes('runway_hours');
  const words = runwayWords(credits, runway, low, now + snapshot.clock_offset, locale);
  const hasTrend = credits !== null && length <= LONGEST_WITH_TREND;
  return (
    <>
      <div class={css.label}>
        <span>{t('balance.label')}</span>
        {balance < 0n && <Pill tone="bad">{t('balance.overdrawn')}</Pill>}
        {hasTrend && <span class={css.days}>{t('balance.days')}</span>}
      </div>
      <div class={css.row}>
        <div
          class={[css.number, length > LARGEST ? css.small : '', balance < 0n ? 'bad' : ''].join(' ')}
          data-part="balance"
          // Nobody hovers before the first frame, and its formatter is not free.
          title={extras ? formatExact(balance, language) : undefined}
          aria-hidden="true"
        >
          {whole}
          {balance >= 100_000_000n ? <small>{cents}</small> : cents}
          {after}
        </div>
        {hasTrend && extras && (
          <extras.Trend
            snapshot={snapshot}
            now={now}
            tone={balance < 0n ? 'bad' : low ? 'warn' : 'data'}
            language={language}
          />
        )}
      </div>
      <p class="vh" role="status">
        {t('balance.announce', { amount: formatBalance(balance, language) })}
      </p>
      <p class={`${css.runway} cut`} data-part="runway">
        {words.strong !== '' && <b class={words.tone === 'warn' ? css.warn : ''}>{words.strong}</b>}
        {words.rest}
      </p>
      {credits && <Split credits={credits} locale={locale} extras={extras} />}
    </>
  );
}

function Split({ credits, locale, extras }: { credits: SnapshotCredits } & Pick<Props, 'locale' | 'extras'>) {
  const { t, language } = locale;
  const show = (text: string) => formatBalance(readBalance(text), language);
  const debt = readBalance(credits.debt);
  // All that waits: checkout holds and withdrawal requests.
  const held = readBalance(credits.held) + readBalance(credits.reserved);
  return (
    <details class={css.split} data-part="split">
      <summary>
        {debt === 0n
          ? t('balance.available', { amount: show(credits.available) })
          : readBalance(credits.allowance) > 0n
            ? t('balance.allowance_used', { amount: show(credits.debt), allowance: show(credits.allowance) })
            : t('balance.owed', { amount: show(credits.debt) })}
        {held > 0n && (
          <>
            <i>·</i>
            {t('balance.held', { amount: formatBalance(held, language) })}
          </>
        )}
        <Icon of={chevronDown} size={14} />
      </summary>
      <div class={css.lines}>{extras && <extras.SplitLines credits={credits} language={language} />}</div>
    </details>
  );
}
