// The banner under the header, as words and steps for the one decision that is due.
import { type Micros, formatAmount, readBalance } from '../../../shared/money.ts';
import { serviceOf } from '../../../shared/clusters.ts';
import { feeOf, topUp } from '../../../shared/fees.ts';
import { isMomentsKey, momentsLocale, type MomentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Countdown } from '../../ui/countdown.tsx';
import { formatPercent, formatWholeHours } from '../../ui/counts.ts';
import { formatRate } from '../../ui/figures.ts';
import { formatBalance, formatPrice } from '../../ui/money.ts';
import { formatAhead } from '../../ui/days.ts';
import { useNow } from '../../ui/use-now.ts';
import type { Snapshot, SnapshotPending } from '../../view/snapshot.ts';
import { pendingWords } from '../pending/pending-words.ts';
import type { Decision } from './decision.ts';

interface Props {
  decision: Decision;
  snapshot: Snapshot;
  now: number;
  language: Language;
  /** Opens the side panel at a place. */
  open: (place: string) => void;
  /** The person has read a refusal. */
  dismiss: (id: string) => void;
  notNow: () => void;
}

type Part<Kind extends Decision['kind']> = Omit<Props, 'decision' | 'language'> & {
  locale: MomentsLocale;
  decision: Extract<Decision, { kind: Kind }>;
};

export function TopBanner({ decision, language, ...rest }: Props) {
  const props = { ...rest, locale: momentsLocale(language) };
  switch (decision.kind) {
    case 'grace':
      return <Grace {...props} decision={decision} />;
    case 'suspended':
      return <Suspended {...props} decision={decision} />;
    case 'refused':
      return <Refused {...props} decision={decision} />;
    case 'unpaid':
      return <Unpaid {...props} decision={decision} />;
    case 'low':
      return <Low {...props} decision={decision} />;
    case 'terms':
      return <Terms {...props} decision={decision} />;
  }
}

/** "Pay $3.30 by card (3% fee) or $3.20 in USDC." */
function payWords(shortfall: Micros, { credits }: Snapshot, { t, language }: MomentsLocale): string {
  const fee = feeOf(credits);
  const { card, crypto } = topUp(shortfall, fee);
  return t('banner.pay', {
    percent: formatPercent(fee, language),
    card: formatPrice(card.total, language),
    crypto: formatPrice(crypto.total, language),
  });
}

const purchaseOf = (shortfall: Micros) => `#billing/purchase?amount=${formatAmount(shortfall)}`;

function Grace({ decision: { until, window, debt, clusters }, snapshot, locale, open }: Part<'grace'>) {
  const { t, language } = locale;
  const left = until - snapshot.clock_offset - useNow(1_000);
  const key =
    clusters === 0 ? 'banner.grace_none' : clusters === 1 ? 'banner.grace_one' : 'banner.grace_many';
  return (
    <Banner
      tone="bad"
      {...(window !== null && { drain: Math.min(100, Math.max(0, (left / window) * 100)) })}
      title={
        <Countdown until={until} offset={snapshot.clock_offset} language={language}>
          {(time) => t(key, { time, count: String(clusters) })}
        </Countdown>
      }
      text={payWords(debt, snapshot, locale)}
    >
      <Button small kind="primary" onClick={() => open(purchaseOf(debt))}>
        {t('banner.top_up')}
      </Button>
      {clusters > 0 && (
        <Button small kind="ghost" onClick={() => open('#cloud')}>
          {t('banner.end_one')}
        </Button>
      )}
    </Banner>
  );
}

function Suspended({ decision: { debt }, snapshot, locale, open }: Part<'suspended'>) {
  const { t } = locale;
  return (
    <Banner
      tone="bad"
      title={t('banner.suspended')}
      text={debt > 0n ? payWords(debt, snapshot, locale) : t('banner.suspended_text')}
    >
      {debt > 0n && (
        <Button small kind="primary" onClick={() => open(purchaseOf(debt))}>
          {t('banner.top_up')}
        </Button>
      )}
    </Banner>
  );
}

function Refused({ decision: { item, code }, snapshot, locale, open, dismiss }: Part<'refused'>) {
  const { t, language } = locale;
  const { name, amount } = pendingWords(item, snapshot.clusters, locale);
  const known = `banner.refused.${item.kind}`;
  const key = isMomentsKey(known) ? known : 'banner.refused.other';
  const short = code === 'insufficient_credits' ? shortOf(item, amount, snapshot) : null;
  return (
    <Banner
      title={t(key, { name: name ?? t('pending.cluster') })}
      text={short === null ? reason(code, locale) : shortWords(item, amount, short, locale)}
    >
      {short !== null && (
        <Button small kind="primary" onClick={() => open(purchaseOf(short))}>
          {t('banner.top_up_amount', { amount: formatPrice(short, language) })}
        </Button>
      )}
      <Button
        small
        kind={short === null ? 'secondary' : 'ghost'}
        part="dismiss"
        onClick={() => dismiss(item.id)}
      >
        {t('banner.dismiss')}
      </Button>
    </Banner>
  );
}

/** How much was missing for an amount; null when nothing is, or nobody knows. */
function shortOf(item: SnapshotPending, amount: Micros | null, snapshot: Snapshot): Micros | null {
  const { credits, clusters } = snapshot;
  if (amount === null || !credits) return null;
  const cluster = clusters.items.find(({ id }) => id === item.subject);
  // A withdrawal names no cluster: what is good for some service only does not count.
  const own = cluster && credits.by_service?.[serviceOf(cluster.type)];
  const missing = amount - readBalance(own ?? credits.available);
  return missing > 0n ? missing : null;
}

function shortWords(
  item: SnapshotPending,
  cost: Micros | null,
  short: Micros,
  locale: MomentsLocale,
): string {
  const { t, language } = locale;
  if (item.hours === undefined || cost === null) return t('banner.reason.insufficient_credits');
  return t('banner.short', {
    hours: formatWholeHours(item.hours, language),
    cost: formatPrice(cost, language),
    amount: formatPrice(short, language),
  });
}

function reason(code: string, { t }: MomentsLocale): string {
  const key = `banner.reason.${code}`;
  return isMomentsKey(key) ? t(key) : t('banner.reason', { code });
}

function Unpaid({ decision: { cluster, until, shortfall }, snapshot, locale, open }: Part<'unpaid'>) {
  const { t, language } = locale;
  return (
    <Banner
      title={
        <Countdown until={until} offset={snapshot.clock_offset} language={language}>
          {(time) => t('banner.unpaid', { name: cluster.name, time })}
        </Countdown>
      }
      text={payWords(shortfall, snapshot, locale)}
    >
      <Button small kind="primary" onClick={() => open(purchaseOf(shortfall))}>
        {t('banner.top_up')}
      </Button>
    </Banner>
  );
}

function Low({ decision: { ends_at }, snapshot, now, locale, open, notNow }: Part<'low'>) {
  const { t, language } = locale;
  const place = { language, timezone: snapshot.account.timezone };
  const amount = formatBalance(readBalance(snapshot.credits?.available ?? '0'), language);
  const perHour = readBalance(snapshot.runway?.per_hour ?? '0');
  return (
    <Banner
      title={
        ends_at === null
          ? t('banner.low_balance')
          : t('banner.low', { time: formatAhead(ends_at, now, place) })
      }
      text={
        perHour > 0n
          ? t('banner.low_text', { amount, rate: formatRate(perHour, language) })
          : t('banner.low_text_idle', { amount })
      }
    >
      <Button small kind="primary" onClick={() => open('#billing/purchase')}>
        {t('banner.top_up')}
      </Button>
      <Button small kind="ghost" part="not-now" onClick={notNow}>
        {t('banner.not_now')}
      </Button>
    </Banner>
  );
}

function Terms({ decision: { version }, locale: { t }, open }: Part<'terms'>) {
  return (
    <Banner title={t('banner.terms')} text={t('banner.terms_text', { version })}>
      <Button small kind="primary" onClick={() => open('#terms')}>
        {t('banner.read')}
      </Button>
    </Banner>
  );
}
