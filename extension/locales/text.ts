// Finds the text for a key in the language of the surface. English is always there; others load when they are needed.
import { en, type TextKey, type Texts } from './en.ts';

export type { TextKey } from './en.ts';
export type Language = 'en' | 'de';

/** The texts of one language; `t` fills the words in braces. */
export interface Locale {
  language: Language;
  t(key: TextKey, words?: Record<string, string>): string;
}

/** Which of our languages fits a browser's language tag best. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}

export function localeOf(language: Language, texts: Texts): Locale {
  return {
    language,
    t: (key, words = {}) => texts[key].replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole),
  };
}

export const ENGLISH: Locale = localeOf('en', en);

/** The texts for a browser's language tag. A language other than English is a small file of its own. */
export async function loadLocale(tag: string): Promise<Locale> {
  const language = languageOf(tag);
  if (language === 'en') return ENGLISH;
  const { de } = await import('./de.ts');
  return localeOf(language, de);
}

/** True for a key that exists: for words that come from the server, such as an entry's type. */
export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en, key);
}
