// The browser's own messages, read from their files: for tests, which have no browser.
import { readFileSync } from 'node:fs';
import type { BrowserLocale } from './browser.ts';
import { localeOfTexts } from './messages.ts';
import type { Language } from './text.ts';

export type Messages = Record<string, { message: string }>;

export function readMessages(language: Language): Messages {
  return JSON.parse(
    readFileSync(new URL(`../public/_locales/${language}/messages.json`, import.meta.url), 'utf8'),
  );
}

/** As the browser fills them in. */
export function localeOfMessages(language: Language): BrowserLocale {
  const texts = Object.entries(readMessages(language)).map(([key, { message }]) => [key, message]);
  return localeOfTexts(language, Object.fromEntries(texts));
}
