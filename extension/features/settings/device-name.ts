// A first suggestion for this device's name, from what the browser says about itself: "Chrome on Linux".
import type { SettingsLocale } from '../../locales/settings.ts';

const BROWSERS: [RegExp, string][] = [
  [/Firefox\//, 'Firefox'],
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Chrome\//, 'Chrome'],
];
const SYSTEMS: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Macintosh/, 'macOS'],
  [/Android/, 'Android'],
  [/Linux/, 'Linux'],
];

/** An unknown browser or system is named by the product's own name alone. */
export function suggestDeviceName(userAgent: string, { t }: SettingsLocale): string {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  const browser = find(BROWSERS);
  const system = find(SYSTEMS);
  return browser && system ? t('connect.device_default', { browser, system }) : t('app.name');
}
