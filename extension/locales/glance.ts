// The texts that every page needs. English is at hand; German is a small file of its own, loaded when it is needed.
import { glance, type GlanceKey } from './en/glance.ts';
import { languageOf, type Locale, localeOf } from './text.ts';

export type GlanceLocale = Locale<GlanceKey>;

/** The texts for a browser's language tag. */
export async function loadGlance(tag: string): Promise<GlanceLocale> {
  if (languageOf(tag) === 'en') return localeOf('en', glance);
  const german = await import('./de/glance.ts');
  return localeOf('de', german.glance);
}

/** True for a key that exists: for words that come from the server, such as an entry's type. */
export function isGlanceKey(key: string): key is GlanceKey {
  return Object.hasOwn(glance, key);
}
