// The texts of what a page shows only at times: loaded with it, in every language, so that it is one file.
import { moments as german } from './de/moments.ts';
import { moments as english, type MomentsKey } from './en/moments.ts';
import { type Language, type Locale, localeOf } from './text.ts';

export type MomentsLocale = Locale<MomentsKey>;

export function momentsLocale(language: Language): MomentsLocale {
  return localeOf(language, language === 'de' ? german : english);
}

/** True for a key that exists: for words that come from the server, such as the kind of a proposal. */
export function isMomentsKey(key: string): key is MomentsKey {
  return Object.hasOwn(english, key);
}
