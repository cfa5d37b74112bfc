// The settings page: paints the stored snapshot at once, asks the worker only for what the form starts with.
import { render } from 'preact';
import { browser } from 'wxt/browser';
import { BadgeSettings } from '../../features/settings/badge-settings.tsx';
import { Connection } from '../../features/settings/connection.tsx';
import { suggestDeviceName } from '../../features/settings/device-name.ts';
import { loadSettings } from '../../locales/settings.ts';
import { Mark } from '../../ui/mark.tsx';
import { type DeviceStatus, send } from '../../view/messages.ts';
import { readPreferences, writePreferences } from '../../view/preferences.ts';
import { readSnapshot, watchSnapshot } from '../../view/snapshot-reader.ts';
import { announceSurface } from '../../view/surface.ts';

const REDRAW_MS = 10_000;

const unknown: DeviceStatus = { server: null, device_name: null, signed_in: false };
const [stored, preferences, locale, status] = await Promise.all([
  readSnapshot(browser.storage),
  readPreferences(browser.storage),
  loadSettings(navigator.language),
  send('status').catch(() => unknown),
]);
document.documentElement.lang = locale.language;
document.title = `${locale.t('options.title')} · ${locale.t('app.name')}`;
const initial = {
  server: status.server ?? '',
  device_name: status.device_name ?? suggestDeviceName(navigator.userAgent, locale),
};

let snapshot = stored;
const draw = () =>
  render(
    <main>
      <h1>
        <Mark size={24} />
        {locale.t('options.title')}
      </h1>
      <Connection
        snapshot={snapshot}
        now={Date.now()}
        locale={locale}
        initial={initial}
        connect={async (request) => (await send('connect', request)).error}
        signOut={async () => void (await send('sign_out'))}
      />
      <BadgeSettings
        locale={locale}
        initial={preferences}
        save={(chosen) => writePreferences(browser.storage, chosen)}
      />
    </main>,
    document.body,
  );
draw();

const closing = new AbortController();
window.addEventListener('pagehide', () => closing.abort());
watchSnapshot(
  browser.storage,
  (next) => {
    snapshot = next;
    draw();
  },
  closing.signal,
);
announceSurface(browser.runtime, closing.signal);
setInterval(draw, REDRAW_MS);
