import { expect, test } from 'vitest';
import { glance as deGlance } from './de/glance.ts';
import { moments as deMoments } from './de/moments.ts';
import { settings as deSettings } from './de/settings.ts';
import { sources as deSources } from './de/sources.ts';
import { glance } from './en/glance.ts';
import { moments } from './en/moments.ts';
import { settings } from './en/settings.ts';
import { sources } from './en/sources.ts';
import { isGlanceKey, loadGlance } from './glance.ts';
import { loadSettings } from './settings.ts';
import { readMessages } from './test-messages.ts';
import type { Language } from './text.ts';

/** The browser's own messages, with their words in braces as elsewhere. */
function plain(language: Language): Record<string, string> {
  const entries = Object.entries(readMessages(language));
  return Object.fromEntries(entries.map(([key, { message }]) => [key, message.replace(/\$(\d)/g, '{w$1}')]));
}

const pairs: [string, Record<string, string>, Record<string, string>][] = [
  ['glance', glance, deGlance],
  ['moments', moments, deMoments],
  ['settings', settings, deSettings],
  ['sources', sources, deSources],
  ['browser', plain('en'), plain('de')],
];

test.each(pairs)('German %s has the same texts with the same words to fill in', (_name, english, german) => {
  expect(Object.keys(german)).toEqual(Object.keys(english));
  const words = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(english))
    expect(words(german[key] ?? ''), key).toEqual(words(english[key] ?? ''));
});

test.each(pairs)('no text of %s shouts, begs or boasts', (_name, english) => {
  for (const text of Object.values(english)) expect(text).not.toMatch(/!|please|successful/i);
});

test('words in braces are filled in, unknown ones stay visible', async () => {
  const english = await loadGlance('en-GB');
  expect(english.t('sync.offline', { time: '14:02' })).toBe('Offline, as of 14:02');
  expect(english.t('sync.offline')).toBe('Offline, as of {time}');
});

test('a German browser gets German, any other English', async () => {
  expect((await loadGlance('de')).t('sync.sign_in_again')).toBe('Neu anmelden');
  expect((await loadSettings('de-CH')).t('connect.submit')).toBe('Verbinden');
  expect((await loadSettings('fr')).t('connect.submit')).toBe('Connect');
});

test('words of the server are looked up among our own keys only', () => {
  expect(isGlanceKey('type.usage')).toBe(true);
  expect(isGlanceKey('type.toString')).toBe(false);
  expect(isGlanceKey('constructor')).toBe(false);
});
