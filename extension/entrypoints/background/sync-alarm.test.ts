import { beforeEach, expect, test, vi } from 'vitest';
import { browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { createSyncAlarm, SYNC_ALARM } from './sync-alarm.ts';

beforeEach(() => fakeBrowser.reset());
const period = async () => (await browser.alarms.get(SYNC_ALARM))?.periodInMinutes;

test('it runs at the chosen pace, and not at all without a sign-in', async () => {
  const set = createSyncAlarm(browser.alarms);
  await set(5);
  expect(await period()).toBe(5);
  await set(15);
  expect(await period()).toBe(15);
  await set(null);
  expect(await period()).toBeUndefined();
});

test('a right one is left as it runs, also by a worker that just woke', async () => {
  await createSyncAlarm(browser.alarms)(1);
  const create = vi.spyOn(browser.alarms, 'create');
  await createSyncAlarm(browser.alarms)(1);
  expect(create).not.toHaveBeenCalled();
});

test('the last word counts, however quickly it comes', async () => {
  const set = createSyncAlarm(browser.alarms);
  void set(1);
  await set(null);
  expect(await period()).toBeUndefined();
});
