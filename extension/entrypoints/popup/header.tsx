// The popup's first line: whose account, since when the numbers are right, notices, the side panel.
import { SyncLine } from '../../features/sync-state/sync-line.tsx';
import type { GlanceLocale } from '../../locales/glance.ts';
import { IconButton } from '../../ui/button.tsx';
import { bell, panel } from '../../ui/icons.ts';
import { Avatar } from '../../ui/name.tsx';
import type { Snapshot } from '../../view/snapshot.ts';
import css from './popup.module.css';
import type { Steps } from './steps.ts';

interface Props {
  snapshot: Snapshot;
  /** Of this device. */
  now: number;
  steps: Pick<Steps, 'openSettings' | 'openPanel'>;
  locale: GlanceLocale;
}

export function Header({ snapshot, now, locale, steps }: Props) {
  const { t } = locale;
  const name = snapshot.account.name || t('account.unnamed');
  const { unseen } = snapshot.notices;
  return (
    <header class={css.bar}>
      <h1 class="vh">{t('app.name')}</h1>
      <div class={css.account}>
        <button
          type="button"
          aria-label={t('account.settings', { name })}
          title={name}
          onClick={steps.openSettings}
        >
          <Avatar name={name} />
          <span class="cut">{name}</span>
        </button>
      </div>
      <SyncLine snapshot={snapshot} now={now} locale={locale} />
      <div class={css.icons}>
        <IconButton
          of={bell}
          count={unseen}
          label={
            unseen > 0
              ? t('header.notifications_unread', { count: unseen > 9 ? '9+' : String(unseen) })
              : t('header.notifications')
          }
          part="notifications"
          onClick={() => steps.openPanel('#notifications')}
        />
        <IconButton
          of={panel}
          label={t('header.panel')}
          part="open-panel"
          onClick={() => steps.openPanel('')}
        />
      </div>
    </header>
  );
}
