// The browser's own messages, read from their files: for tests, which have no browser.
import { readFileSync } from 'node:fs';
import type { BrowserLocale } from './browser.ts';
import type { Language } from './text.ts';

export type Messages = Record<string, { message: string }>;

export function readMessages(language: Language): Messages {
  return JSON.parse(
    readFileSync(new URL(`../public/_locales/${language}/messages.json`, import.meta.url), 'utf8'),
  );
}

/** As the browser fills them in. */
export function localeOfMessages(language: Language): BrowserLocale {
  const messages = readMessages(language);
  return {
    language,
    t: (key, ...words) =>
      (messages[key]?.message ?? '').replace(/\$(\d)/g, (_, n: string) => words[Number(n) - 1] ?? ''),
  };
}
