// Proposals of this device that no confirmed number contains yet: beside the numbers, never mixed into them.
import { momentsLocale } from '../../locales/moments.ts';
import type { Language } from '../../locales/text.ts';
import { formatPrice } from '../../ui/money.ts';
import { Section } from '../../ui/section.tsx';
import { freshness, type Snapshot } from '../../view/snapshot.ts';
import { pendingWords } from './pending-words.ts';
import css from './waiting-to-send.module.css';

/** One that is answered at once needs no line: it would only flash. */
const QUIET_MS = 2_000;

interface Props {
  snapshot: Snapshot;
  /** How many have room. */
  room: number;
  now: number;
  language: Language;
}

export function WaitingToSend({ snapshot, room, now, language }: Props) {
  const locale = momentsLocale(language);
  const { t } = locale;
  const isStale = freshness(snapshot, now) !== 'fresh';
  const waiting = snapshot.pending.filter(
    ({ state, kind, at }) =>
      state !== 'answered' && kind !== 'notice.seen' && (isStale || now - at > QUIET_MS),
  );
  if (waiting.length === 0) return null;
  const more = snapshot.waiting - Math.min(waiting.length, room);
  const sent = waiting.every(({ state }) => state === 'sent');
  return (
    <Section
      title={t(sent ? 'pending.sent_title' : 'pending.title')}
      part="pending"
      aside={isStale && <span class="s t2">{t('pending.offline')}</span>}
    >
      <ul class={css.rows}>
        {waiting.slice(0, room).map((item) => {
          const { title, amount } = pendingWords(item, snapshot.clusters, locale);
          return (
            <li key={item.id} class={css.row}>
              <span class="cut w5" title={title}>
                {title}
              </span>
              {amount !== null && <span class="num t2">{formatPrice(amount, language)}</span>}
            </li>
          );
        })}
        {more > 0 && <li class="s t2">{t('pending.more', { count: String(more) })}</li>}
      </ul>
    </Section>
  );
}
