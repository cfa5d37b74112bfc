// A browser in which every page shows one instant and one snapshot: for pictures that are the same each time.
import type { Page } from 'puppeteer-core';
import type { Snapshot } from '../../../extension/view/snapshot-schema.ts';
import { freshProfile, type InstalledExtension, launch } from '../harness/extension.ts';
import { until } from '../harness/until.ts';
import { NOW } from './moment.ts';

export interface Stage {
  /** Opens a page of the extension at a size, and waits until it stands still. */
  open(
    path: string,
    size: { width: number; height: number },
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<Page>;
  /** What every page opened from now on shows, and nothing else; null for a device without an account. */
  show(snapshot: Snapshot | null): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(language: string, built?: string): Promise<Stage> {
  const profile = freshProfile();
  const installed = await launch(profile, { language, ...(built && { built }) });
  const writer = await quietPage(installed);
  // A worker that starts later would clear what no account of its own put there: once it has forgotten all, it is silent.
  await until('the worker has nothing more to write', () =>
    writer.evaluate(async () => Boolean(await chrome.runtime.sendMessage({ name: 'wipe', data: true }))),
  );
  return {
    async show(snapshot) {
      await writer.evaluate(async (record) => {
        // Nor what was typed, chosen or filtered on a page before.
        await Promise.all([chrome.storage.local.clear(), chrome.storage.session.clear()]);
        if (record === null) return;
        await chrome.storage.local.set({ snapshot: record });
        await chrome.storage.session.set({ snapshot: record });
      }, snapshot);
    },
    async open(path, { width, height }, prepare) {
      const page = await installed.browser.newPage();
      page.on('pageerror', (error) => {
        throw error;
      });
      await standStill(page);
      await prepare?.(page);
      await page.setViewport({ width, height, deviceScaleFactor: 2 });
      await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
      await page.goto(`chrome-extension://${installed.id}/${path}`);
      await page.evaluate(() => document.fonts.ready.then(() => true));
      await page.waitForNetworkIdle({ idleTime: 100 });
      return page;
    },
    async close() {
      await installed.close();
      profile.dispose();
    },
  };
}

/** A page of the extension that runs no script of it: it only writes. */
async function quietPage({ browser, id }: InstalledExtension): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`chrome-extension://${id}/icon/16.png`);
  return page;
}

/** `Date.now()` answers NOW for good. */
async function standStill(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((now) => {
    const Real = Date;
    const still = function (...parts: number[]) {
      return parts.length === 0 ? new Real(now) : new Real(parts[0] ?? now);
    };
    globalThis.Date = Object.assign(still, { now: () => now, parse: Real.parse, UTC: Real.UTC }) as never;
  }, NOW);
}
