// The texts of the side panel, with those that every page may say.
import { glance, type GlanceKey } from './en/glance.ts';
import { moments, type MomentsKey } from './en/moments.ts';
import { money, type MoneyKey } from './en/money.ts';
import { panel, type PanelOwnKey } from './en/panel.ts';
import { person, type PersonKey } from './en/person.ts';
import { sources, type SourcesKey } from './en/sources.ts';
import { languageOf, type Locale, localeOf } from './text.ts';

export type PanelKey = GlanceKey | MomentsKey | PanelOwnKey | MoneyKey | PersonKey | SourcesKey;
export type PanelLocale = Locale<PanelKey>;

const english = { ...glance, ...moments, ...panel, ...money, ...person, ...sources };

/** The texts for a browser's language tag. */
export async function loadPanel(tag: string): Promise<PanelLocale> {
  if (languageOf(tag) === 'en') return localeOf('en', english);
  const german = await import('./de/panel-all.ts');
  return localeOf('de', german.texts);
}

/** True for a key that exists: for words that come from the server, such as the code of a refusal. */
export function isPanelKey(key: string): key is PanelKey {
  return Object.hasOwn(english, key);
}
