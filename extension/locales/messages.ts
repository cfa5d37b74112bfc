// The texts that the browser itself draws, filled in without it: asking the browser for them stops a page's main thread.
import type { BrowserLocale } from './browser.ts';
import type { Language } from './text.ts';

/** @param texts by key, with `$1` to `$9` where words go, as `public/_locales` has them */
export function localeOfTexts(language: Language, texts: Readonly<Record<string, string>>): BrowserLocale {
  return {
    language,
    t: (key, ...words) => (texts[key] ?? '').replace(/\$(\d)/g, (_, n: string) => words[Number(n) - 1] ?? ''),
  };
}
