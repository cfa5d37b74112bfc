// Settings: who the account is, its wallets and alerts, the devices that are signed in, and this device.
import { useEffect, useRef } from 'preact/hooks';
import { browser } from 'wxt/browser';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { AlertsForm } from '../alerts/alerts-form.tsx';
import { SUPPORT_MAIL } from '../cloud/deploy-url.ts';
import { usePanel } from '../panel/panel-context.ts';
import { Devices } from './devices.tsx';
import { IonetAccount } from './ionet-account.tsx';
import { ProfileForm } from './profile-form.tsx';
import css from './settings.module.css';
import { showPlace } from './show-place.ts';
import { Wallets } from './wallets.tsx';

export function SettingsTab() {
  const { locale, ready, route, snapshot } = usePanel();
  const { t } = locale;
  const places = useRef<HTMLDivElement>(null);
  // A deep link into one section brings it under the tabs.
  useEffect(() => {
    if (!ready || route.view === null) return;
    showPlace(places.current, route.view);
  }, [ready, route.view]);
  return (
    <div ref={places} class={css.tab}>
      <h1 class="vh">{t('tab.settings')}</h1>
      {ready && (
        <>
          <ProfileForm />
          <Wallets />
          <AlertsForm />
          <IonetAccount />
          <Section title={t('settings.device')} part="device">
            <p class="s t2">
              {t('settings.device_text', {
                server: snapshot.account.server,
                name: snapshot.account.device_name,
              })}
            </p>
            <div class={css.step}>
              <Button onClick={() => void browser.runtime.openOptionsPage()} part="options">
                {t('settings.open_options')}
              </Button>
            </div>
          </Section>
          <Devices />
          <Section title={t('settings.delete')} part="delete">
            <p class="s t2">{t('settings.delete_text', { mail: SUPPORT_MAIL })}</p>
          </Section>
        </>
      )}
    </div>
  );
}
