// The texts of the settings page, with those that every page needs.
import { glance, type GlanceKey } from './en/glance.ts';
import { settings, type SettingsKey } from './en/settings.ts';
import { languageOf, type Locale, localeOf } from './text.ts';

export type SettingsLocale = Locale<GlanceKey | SettingsKey>;

/** The texts for a browser's language tag. */
export async function loadSettings(tag: string): Promise<SettingsLocale> {
  if (languageOf(tag) === 'en') return localeOf('en', { ...glance, ...settings });
  const german = await Promise.all([import('./de/glance.ts'), import('./de/settings.ts')]);
  return localeOf('de', { ...german[0].glance, ...german[1].settings });
}
