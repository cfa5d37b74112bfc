// The settings page in a tab: paints the stored snapshot at once, asks the worker only for what the form starts with.
import { render } from 'preact';
import { browser } from 'wxt/browser';
import { suggestDeviceName } from '../../features/settings/device-name.ts';
import { showPlace } from '../../features/settings/show-place.ts';
import { loadSettings } from '../../locales/settings.ts';
import { applyTheme, readAppearance, tagOf } from '../../view/appearance.ts';
import { writeAppearance } from '../../view/appearance-choice.ts';
import { type DeviceStatus, send } from '../../view/messages.ts';
import { readPreferences, writePreferences } from '../../view/preferences.ts';
import { readSnapshot, watchSnapshot } from '../../view/snapshot-reader.ts';
import { announceSurface } from '../../view/surface.ts';
import { SettingsPage, type SettingsProps } from './settings-page.tsx';

const REDRAW_MS = 10_000;

const unknown: DeviceStatus = { server: null, device_name: null, signed_in: false };
const areas = browser.storage;
const [stored, preferences, first, status] = await Promise.all([
  readSnapshot(areas),
  readPreferences(areas),
  readAppearance(areas),
  send('status').catch(() => unknown),
]);
let snapshot = stored;
let appearance = first;
let locale = await loadSettings(tagOf(appearance));

const steps: SettingsProps['steps'] = {
  connect: async (request) => (await send('connect', request)).error,
  signOut: (force) => send('sign_out', force),
  async wipe(force) {
    const answer = await send('wipe', force);
    if (answer.waiting === 0 || force) {
      localStorage.clear();
      location.reload();
    }
    return answer;
  },
  async saveAppearance(chosen) {
    await writeAppearance(areas, chosen);
    appearance = chosen;
    locale = await loadSettings(tagOf(chosen));
    draw();
  },
  savePreferences: (chosen) => writePreferences(areas, chosen),
  allowNotifications: () => browser.permissions.request({ permissions: ['notifications'] }),
};

const draw = () => {
  applyTheme(appearance, document.documentElement);
  document.documentElement.lang = locale.language;
  document.title = `${locale.t('options.title')} · ${locale.t('app.name')}`;
  const initial = {
    server: status.server ?? '',
    device_name: status.device_name ?? suggestDeviceName(navigator.userAgent, locale),
  };
  render(
    <SettingsPage
      snapshot={snapshot}
      now={Date.now()}
      locale={locale}
      initial={initial}
      preferences={preferences}
      appearance={appearance}
      steps={steps}
    />,
    document.body,
  );
};
draw();
// What a search in the side panel found.
if (location.hash.length > 1) showPlace(document, location.hash.slice(1));

const closing = new AbortController();
window.addEventListener('pagehide', () => closing.abort());
watchSnapshot(
  areas,
  (next) => {
    snapshot = next;
    draw();
  },
  closing.signal,
);
announceSurface(browser.runtime, closing.signal);
setInterval(draw, REDRAW_MS);
