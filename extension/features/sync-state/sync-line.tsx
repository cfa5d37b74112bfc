// Since when the numbers are right: one short line in the header.
import type { GlanceLocale } from '../../locales/glance.ts';
import { Icon } from '../../ui/icon.tsx';
import { key, offline } from '../../ui/icons.ts';
import { formatFull, formatMoment } from '../../ui/time.ts';
import { freshness, type Snapshot } from '../../view/snapshot.ts';
import css from './sync-line.module.css';

interface Props {
  snapshot: Snapshot;
  /** Of this device. */
  now: number;
  locale: GlanceLocale;
  /** False in a first frame: nobody hovers yet, and the names of timezones are the dearest of all formats. */
  isTitled?: boolean;
}

export function SyncLine({ snapshot, now, locale, isTitled = true }: Props) {
  const state = freshness(snapshot, now);
  const place = { language: locale.language, timezone: snapshot.account.timezone };
  const at = snapshot.confirmed_at;
  const stale = state !== 'fresh';
  return (
    <span
      class={stale ? `${css.sync} ${css.stale}` : css.sync}
      title={at === null || !isTitled ? undefined : formatFull(at, place)}
    >
      {state === 'stale' && <Icon of={offline} size={14} />}
      {state === 'signed_out' && <Icon of={key} size={14} />}
      <span data-part="sync">
        {syncText(state, at === null ? null : formatMoment(at, now, place), locale)}
      </span>
    </span>
  );
}

/** The words alone; `time` is null before the first sync. */
export function syncText(
  state: ReturnType<typeof freshness>,
  time: string | null,
  { t }: GlanceLocale,
): string {
  switch (state) {
    case 'signed_out':
      return t('sync.sign_in_again');
    case 'stale':
      return time === null ? t('sync.offline_empty') : t('sync.offline', { time });
    case 'fresh':
      return time === null ? t('sync.connecting') : t('sync.updated', { time });
  }
}
