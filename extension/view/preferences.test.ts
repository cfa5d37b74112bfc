import { beforeEach, expect, test } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { DEFAULTS, readPreferences, watchPreferences, writePreferences } from './preferences.ts';

beforeEach(() => fakeBrowser.reset());

test('without a choice the badge is brought up to date every minute', async () => {
  expect(await readPreferences(browser.storage)).toEqual(DEFAULTS);
});

test('a choice is kept, and told to whoever watches', async () => {
  const told: number[] = [];
  watchPreferences(browser.storage, ({ sync_minutes }) => told.push(sync_minutes));
  await writePreferences(browser.storage, { ...DEFAULTS, sync_minutes: 15 });
  expect(await readPreferences(browser.storage)).toEqual({ ...DEFAULTS, sync_minutes: 15 });
  await expect.poll(() => told).toEqual([15]);
});

test('a choice that is none of ours counts as none', async () => {
  await browser.storage.local.set({ preferences: { sync_minutes: 0.001 } });
  expect(await readPreferences(browser.storage)).toEqual(DEFAULTS);
});

test('what an older release kept is read, the rest by default', async () => {
  await browser.storage.local.set({ preferences: { sync_minutes: 60 } });
  expect(await readPreferences(browser.storage)).toEqual({ ...DEFAULTS, sync_minutes: 60 });
});
