// The settings page: the connection, how every page looks, the toolbar button, notifications, and how all of it ends.
import { useState } from 'preact/hooks';
import { AppearanceSettings } from '../../features/settings/appearance-settings.tsx';
import { BadgeSettings } from '../../features/settings/badge-settings.tsx';
import { Connection } from '../../features/settings/connection.tsx';
import { NotifySettings } from '../../features/settings/notify-settings.tsx';
import { Wipe } from '../../features/settings/wipe.tsx';
import type { SettingsLocale } from '../../locales/settings.ts';
import { Mark } from '../../ui/mark.tsx';
import type { Appearance } from '../../view/appearance.ts';
import type { ConnectError, ConnectRequest, ForgetAnswer } from '../../view/messages.ts';
import type { Preferences } from '../../view/preferences.ts';
import type { Snapshot } from '../../view/snapshot.ts';

export interface SettingsProps {
  snapshot: Snapshot | null;
  /** Of this device. */
  now: number;
  locale: SettingsLocale;
  /** What the form starts with. */
  initial: { server: string; device_name: string };
  preferences: Preferences;
  appearance: Appearance;
  steps: {
    connect: (request: ConnectRequest) => Promise<ConnectError | null>;
    signOut: (force: boolean) => Promise<ForgetAnswer>;
    wipe: (force: boolean) => Promise<ForgetAnswer>;
    saveAppearance: (appearance: Appearance) => Promise<void>;
    savePreferences: (preferences: Preferences) => Promise<void>;
    allowNotifications: () => Promise<boolean>;
  };
}

export function SettingsPage(props: SettingsProps) {
  const { snapshot, now, locale, initial, steps, appearance } = props;
  const { t } = locale;
  const [preferences, setPreferences] = useState(props.preferences);
  const change = (part: Partial<Preferences>) => {
    const next = { ...preferences, ...part };
    setPreferences(next);
    void steps.savePreferences(next);
  };
  return (
    <main>
      <h1>
        <Mark size={24} />
        {t('options.title')}
      </h1>
      {snapshot === null && <p class="pin">{t('first_run.pin')}</p>}
      <Connection
        snapshot={snapshot}
        now={now}
        locale={locale}
        initial={initial}
        connect={steps.connect}
        signOut={steps.signOut}
      />
      <AppearanceSettings locale={locale} initial={appearance} save={steps.saveAppearance} />
      <BadgeSettings locale={locale} preferences={preferences} change={change} />
      <NotifySettings
        locale={locale}
        preferences={preferences}
        change={change}
        allow={steps.allowNotifications}
      />
      <Wipe locale={locale} wipe={steps.wipe} />
    </main>
  );
}
