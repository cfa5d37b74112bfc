// The last few money entries: when, what, how much.
import { readBalance } from '../../../shared/money.ts';
import { type GlanceLocale, isGlanceKey } from '../../locales/glance.ts';
import { formatExact, formatMovement } from '../../ui/money.ts';
import { formatFull, formatMoment } from '../../ui/time.ts';
import type { SnapshotEntry } from '../../view/snapshot.ts';

interface Props {
  /** Newest first. */
  entries: readonly SnapshotEntry[];
  timezone: string | null;
  now: number;
  locale: GlanceLocale;
}

export function LastTransactions({ entries, timezone, now, locale }: Props) {
  const { t } = locale;
  return (
    <section class="sec" aria-labelledby="last-transactions">
      <h2 id="last-transactions">{t('transactions.title')}</h2>
      {entries.length === 0 ? (
        <p class="s t2 none">{t('transactions.empty')}</p>
      ) : (
        <ul class="rows">
          {entries.map((entry) => (
            <Row key={entry.n} entry={entry} now={now} timezone={timezone} locale={locale} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ entry, now, timezone, locale }: { entry: SnapshotEntry } & Omit<Props, 'entries'>) {
  const { language } = locale;
  const place = { language, timezone };
  const micros = readBalance(entry.amount);
  const subject = wordFor(`service.${entry.service}`, locale);
  return (
    <li class="tx">
      <time class="when" dateTime={new Date(entry.at).toISOString()} title={formatFull(entry.at, place)}>
        {formatMoment(entry.at, now, place)}
      </time>
      <span class="what">
        <span class="k">{wordFor(`type.${entry.type}`, locale) ?? entry.type}</span>
        {subject !== null && (
          <span class="o cut" title={subject}>
            {subject}
          </span>
        )}
      </span>
      <span class={micros > 0n ? 'amt pos' : 'amt'} title={formatExact(micros, language)}>
        {formatMovement(micros, language)}
      </span>
    </li>
  );
}

/** A word that the server chose, in the reader's language; null when we have none for it. */
function wordFor(key: string, { t }: GlanceLocale): string | null {
  return isGlanceKey(key) ? t(key) : null;
}
