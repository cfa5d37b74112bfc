// The number: what the account has, and how much of it is free to spend.
import { readBalance } from '../../../shared/money.ts';
import type { GlanceLocale } from '../../locales/glance.ts';
import { Icon } from '../../ui/icon.tsx';
import { chevronDown } from '../../ui/icons.ts';
import { formatBalance, formatExact, splitBalance } from '../../ui/money.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { balanceParts, heldTotal } from './parts.ts';

export function Balance({ snapshot, locale }: { snapshot: Snapshot; locale: GlanceLocale }) {
  const { t, language } = locale;
  return (
    <section class="hero" aria-label={t('balance.label')}>
      <div class="hero-l">{t('balance.label')}</div>
      {snapshot.confirmed_at === null ? (
        <div class="hero-n">
          <span class="sk" />
          <span class="vh">{t('balance.waiting')}</span>
        </div>
      ) : (
        <Figures credits={snapshot.credits} language={language} t={t} />
      )}
    </section>
  );
}

function Figures({ credits, language, t }: { credits: Snapshot['credits'] } & GlanceLocale) {
  const balance = credits ? readBalance(credits.balance) : 0n;
  const text = formatBalance(balance, language);
  return (
    <>
      <Headline micros={balance} language={language} />
      <p class="vh" role="status">
        {t('balance.announce', { amount: text })}
      </p>
      {credits && <Split credits={credits} language={language} t={t} />}
    </>
  );
}

/** From 100 up the decimals are quieter; a longer number is set smaller, never cut. */
function Headline({ micros, language }: { micros: bigint; language: string }) {
  const { whole, cents, after } = splitBalance(micros, language);
  const size = whole.length + cents.length + after.length > 9 ? 'hero-n m' : 'hero-n';
  const quiet = micros >= 100_000_000n;
  return (
    <div
      class={micros < 0n ? `${size} bad` : size}
      data-part="balance"
      title={formatExact(micros, language)}
      aria-hidden="true"
    >
      {whole}
      {quiet ? <small>{cents}</small> : cents}
      {after}
    </div>
  );
}

function Split({ credits, language, t }: { credits: NonNullable<Snapshot['credits']> } & GlanceLocale) {
  const available = formatBalance(readBalance(credits.available), language);
  const held = heldTotal(credits);
  return (
    <details class="split">
      <summary>
        {readBalance(credits.debt) > 0n && (
          <>
            <b class="bad">{t('balance.below_zero')}</b>
            <i>·</i>
          </>
        )}
        {t('balance.available', { amount: available })}
        {held > 0n && (
          <>
            <i>·</i>
            {t('balance.held', { amount: formatBalance(held, language) })}
          </>
        )}
        <Icon of={chevronDown} size={14} />
      </summary>
      <dl class="kv">
        {balanceParts(credits).map(({ key, micros, strong }) => (
          <div key={key} class={strong ? 'total' : ''}>
            <dt>{t(key)}</dt>
            <dd title={formatExact(micros, language)}>{formatBalance(micros, language)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
