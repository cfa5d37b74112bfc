// Finds the text for a key in the language of a surface, and fills the words in braces.

export type Language = 'en' | 'de';

/** The texts of one language. */
export interface Locale<Key extends string> {
  language: Language;
  t(key: Key, words?: Record<string, string>): string;
}

/** Which of our languages fits a browser's language tag best. */
export function languageOf(tag: string): Language {
  return tag.toLowerCase().split('-')[0] === 'de' ? 'de' : 'en';
}

export function localeOf<Key extends string>(language: Language, texts: Record<Key, string>): Locale<Key> {
  return {
    language,
    t: (key, words = {}) => texts[key].replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole),
  };
}
