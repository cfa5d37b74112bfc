// The popup's first line: whose account, since when the numbers are right, notices, the side panel.
import { SyncLine } from '../../features/sync-state/sync-line.tsx';
import type { GlanceLocale } from '../../locales/glance.ts';
import { AccountBar } from '../../ui/account-bar.tsx';
import { IconButton } from '../../ui/button.tsx';
import { bell, panel } from '../../ui/icons.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import type { Steps } from './steps.ts';

interface Props {
  snapshot: Snapshot;
  /** Of this device. */
  now: number;
  steps: Pick<Steps, 'openSettings' | 'openPanel'>;
  locale: GlanceLocale;
  isFirst: boolean;
}

export function Header({ snapshot, now, locale, steps, isFirst }: Props) {
  const { t } = locale;
  const name = snapshot.account.name || t('account.unnamed');
  const { unseen } = snapshot.notices;
  return (
    <header>
      <h1 class="vh">{t('app.name')}</h1>
      <AccountBar
        name={name}
        label={t('account.settings', { name })}
        onPress={steps.openSettings}
        icons={
          <>
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
          </>
        }
      >
        <SyncLine snapshot={snapshot} now={now} locale={locale} isTitled={!isFirst} />
      </AccountBar>
    </header>
  );
}
