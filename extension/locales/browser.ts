// The texts of what the browser itself draws (toolbar button, its menu, notifications): they stand in `public/_locales`
// and follow the browser's own language, so that the background worker carries none of them.
import { browser } from 'wxt/browser';
import { type Language, languageOf } from './text.ts';

export interface BrowserLocale {
  language: Language;
  /** A text with its words filled in, in the order they are numbered; empty for a key that does not exist. */
  t(key: string, ...words: string[]): string;
}

export function browserLocale(): BrowserLocale {
  return {
    language: languageOf(browser.i18n.getUILanguage()),
    // The type knows only keys that the build tool found.
    t: (key, ...words) => browser.i18n.getMessage(key as '@@ui_locale', words),
  };
}
