// The background worker: wires the replica to the browser. Every listener is registered at once, synchronously, so
// that the event which woke the worker is not missed.
import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { browserLocale } from '../../locales/browser.ts';
import { answerMessages } from '../../view/answer.ts';
import { CHECKOUT_PORT, CHECKOUT_SITE } from '../../view/checkout.ts';
import { watchPreferences } from '../../view/preferences.ts';
import { SECTIONS_PORT, SURFACE_PORT } from '../../view/surface.ts';
import { SYNC_ALARM } from './sync-alarm.ts';
import { offerSteps } from './steps.ts';
import { createWorker } from './worker.ts';

export default defineBackground(() => {
  const worker = createWorker();

  const origin = browser.runtime.getURL('/');
  answerMessages(origin, worker.handlers);
  browser.runtime.onConnect.addListener((port) => {
    const url = port.sender?.url ?? '';
    if (url.startsWith(CHECKOUT_SITE) && port.name === CHECKOUT_PORT) worker.judge(port);
    else if (!url.startsWith(origin)) return;
    else if (port.name === SECTIONS_PORT) worker.follow(port);
    else if (port.name !== SURFACE_PORT) return;
    const release = worker.hold();
    port.onDisconnect.addListener(release);
  });
  browser.alarms.onAlarm.addListener((alarm) => {
    if (alarm.name === SYNC_ALARM) void worker.sync();
  });
  // Being woken is the point: the start below repaints the badge after a restart of the browser or an update.
  browser.runtime.onStartup.addListener(() => void worker.sync());
  browser.runtime.onInstalled.addListener(() => void worker.sync());
  self.addEventListener('online', () => worker.nudge());

  offerSteps(() => worker.sync(), browserLocale());
  watchPreferences(browser.storage, (chosen) => worker.prefer(chosen));
});
