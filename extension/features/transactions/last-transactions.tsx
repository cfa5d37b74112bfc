// The last few money entries: when, what, how much.
import { readBalance } from '../../../shared/micros.ts';
import { type GlanceLocale, isGlanceKey } from '../../locales/glance.ts';
import { Link } from '../../ui/button.tsx';
import { formatExact, formatMovement } from '../../ui/money.ts';
import { modelName } from '../../ui/names.ts';
import { Section } from '../../ui/section.tsx';
import { formatFull, formatMoment } from '../../ui/time.ts';
import type { SnapshotEntry } from '../../view/snapshot.ts';
import css from './last-transactions.module.css';

interface Props {
  /** Newest first. */
  entries: readonly SnapshotEntry[];
  timezone: string | null;
  now: number;
  locale: GlanceLocale;
  /** Opens all of them, or the one with this number. */
  open: (n?: number) => void;
}

export function LastTransactions({ entries, open, locale, ...rest }: Props) {
  const { t } = locale;
  return (
    <Section
      title={t('transactions.title')}
      part="transactions"
      aside={entries.length > 0 && <Link onClick={() => open()}>{t('transactions.all')}</Link>}
    >
      {entries.length === 0 ? (
        <p class={`s t2 ${css.none}`}>{t('transactions.empty')}</p>
      ) : (
        <ul class={css.rows}>
          {entries.map((entry) => (
            <li key={entry.n}>
              <button type="button" class={css.row} onClick={() => open(entry.n)}>
                <Row {...rest} entry={entry} locale={locale} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Row({ entry, now, timezone, locale }: { entry: SnapshotEntry } & Omit<Props, 'entries' | 'open'>) {
  const { language } = locale;
  const place = { language, timezone };
  const micros = readBalance(entry.amount);
  const subject = subjectOf(entry, locale);
  return (
    <>
      <time class={css.when} dateTime={new Date(entry.at).toISOString()} title={formatFull(entry.at, place)}>
        {formatMoment(entry.at, now, place)}
      </time>
      <span class={css.what}>
        <span>{wordFor(`type.${entry.type}`, locale) ?? entry.type}</span>
        {subject !== null && (
          <span class="cut" title={subject}>
            {subject}
          </span>
        )}
      </span>
      <span class={micros > 0n ? `${css.amount} pos` : css.amount} title={formatExact(micros, language)}>
        {formatMovement(micros, language)}
      </span>
    </>
  );
}

/** A cluster by its name, a model by its short one; else the service. */
function subjectOf({ subject, service }: SnapshotEntry, locale: GlanceLocale): string | null {
  if (subject !== undefined) return service === 'inference' ? modelName(subject) : subject;
  return wordFor(`service.${service}`, locale);
}

/** A word that the server chose, in the reader's language; null when we have none for it. */
function wordFor(key: string, { t }: GlanceLocale): string | null {
  return isGlanceKey(key) ? t(key) : null;
}
