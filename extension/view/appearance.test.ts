import { beforeEach, expect, test } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { type Appearance, readAppearance, tagOf } from './appearance.ts';
import { watchAppearance, writeAppearance } from './appearance-choice.ts';

beforeEach(() => fakeBrowser.reset());

test('nothing chosen, or nonsense stored, is the system’s', async () => {
  expect(await readAppearance(browser.storage)).toEqual({ theme: 'system', language: 'system' });
  await browser.storage.local.set({ appearance: { theme: 'neon', language: 7 } });
  expect(await readAppearance(browser.storage)).toEqual({ theme: 'system', language: 'system' });
  await browser.storage.local.set({ appearance: null });
  expect(await readAppearance(browser.storage)).toEqual({ theme: 'system', language: 'system' });
});

test('a choice is kept and told to every page', async () => {
  const seen: Appearance[] = [];
  const closing = new AbortController();
  watchAppearance(browser.storage, (next) => seen.push(next), closing.signal);
  await writeAppearance(browser.storage, { theme: 'dark', language: 'de' });
  expect(await readAppearance(browser.storage)).toEqual({ theme: 'dark', language: 'de' });
  expect(seen).toEqual([{ theme: 'dark', language: 'de' }]);
  closing.abort();
  await writeAppearance(browser.storage, { theme: 'light', language: 'en' });
  expect(seen).toHaveLength(1);
  expect(tagOf({ theme: 'dark', language: 'de' })).toBe('de');
  expect(tagOf({ theme: 'dark', language: 'system' })).toBe(navigator.language);
});
