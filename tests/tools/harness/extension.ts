// A real browser with the built extension in a profile of its own, and the places where a person looks and types.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import puppeteer, { TargetType } from 'puppeteer-core';
import type { Browser, Extension, Page, WebWorker } from 'puppeteer-core';
import { browserFlags, findBrowser, HOW_TO_GET_A_BROWSER } from '../browser.ts';
import { PATIENCE_MS, until } from './until.ts';

/** The extension as it is shipped. */
export const BUILT = resolve('dist/chrome-mv3');

export interface Profile {
  readonly dir: string;
  dispose(): void;
}

/** A browser profile that outlives the browser. */
export function freshProfile(): Profile {
  const dir = mkdtempSync(join(tmpdir(), 'glance-profile-'));
  // A browser that has just ended may still be writing its last files.
  return {
    dir,
    dispose: () => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }),
  };
}

export interface InstalledExtension {
  readonly browser: Browser;
  readonly id: string;
  /** A page of the extension in a tab, e.g. `options.html`. */
  openTab(path: string): Promise<Page>;
  /** The real popup, opened through the toolbar button. */
  openPopup(): Promise<Page>;
  /** The background worker, woken when it sleeps. */
  worker(): Promise<WebWorker>;
  /** Stops the background worker, as the browser does after 30 idle seconds. */
  stopWorker(): Promise<void>;
  /** What stands on the toolbar button, and its colour as `#rrggbb`. */
  badge(): Promise<{ text: string; color: string; title: string }>;
  close(): Promise<void>;
}

export interface LaunchOptions {
  /** Folder of another build than the shipped one. */
  built?: string;
  flags?: string[];
  /** The browser's language, as in `en-US`. */
  language?: string;
}

/** Starts the browser on a profile with the extension installed. */
export async function launch(
  profile: Profile,
  { built = BUILT, flags = [], language = 'en-US' }: LaunchOptions = {},
): Promise<InstalledExtension> {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(HOW_TO_GET_A_BROWSER);
  if (!existsSync(join(built, 'manifest.json'))) throw new Error('Build the extension first: npm run build');
  const browser = await puppeteer.launch({
    executablePath,
    headless: true,
    pipe: true,
    enableExtensions: [built],
    userDataDir: profile.dir,
    // One time zone and one way to draw letters, so that pages look the same everywhere.
    args: [
      ...browserFlags(),
      `--lang=${language}`,
      `--accept-lang=${language}`,
      '--font-render-hinting=none',
      ...flags,
    ],
    env: { ...process.env, LANGUAGE: language.replace('-', '_'), TZ: 'UTC' },
  });
  const extension = await until('the extension is installed', () => ours(browser));
  const isOurs = (url: string) => url.startsWith(`chrome-extension://${extension.id}/`);
  const workerTarget = () =>
    browser.targets().find((target) => target.type() === TargetType.SERVICE_WORKER && isOurs(target.url()));

  let home: Page | undefined;

  async function worker(): Promise<WebWorker> {
    const running = await workerTarget()?.worker();
    if (running) return running;
    // Any page of the extension that speaks to its background wakes it.
    const page = await openTab('popup.html');
    const target = await browser.waitForTarget(
      (t) => t.type() === TargetType.SERVICE_WORKER && isOurs(t.url()),
    );
    await page.close();
    const woken = await target.worker();
    if (!woken) throw new Error('The background worker does not start.');
    return woken;
  }

  async function openTab(path: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`chrome-extension://${extension.id}/${path}`);
    return page;
  }

  return {
    browser,
    id: extension.id,
    openTab,
    async openPopup() {
      // The popup hangs on a window with a tab in front that is not one of the extension's own pages.
      home ??= await browser.newPage();
      await home.bringToFront();
      const known = new Set(browser.targets());
      const opened = browser.waitForTarget(
        (target) => !known.has(target) && isOurs(target.url()) && target.url().includes('.html'),
      );
      await extension.triggerAction(home);
      return (await opened).asPage();
    },
    worker,
    async stopWorker() {
      // A page that has just closed may still have called it: then it comes up once more.
      await until('the background worker stopped', async () => {
        const worker = await workerTarget()?.worker();
        await worker?.close();
        return workerTarget() === undefined;
      });
    },
    async badge() {
      return (await worker()).evaluate(async () => ({
        text: await chrome.action.getBadgeText({}),
        color: (await chrome.action.getBadgeBackgroundColor({}))
          .slice(0, 3)
          .reduce((hex, part) => hex + part.toString(16).padStart(2, '0'), '#'),
        title: await chrome.action.getTitle({}),
      }));
    },
    close: () => browser.close(),
  };
}

async function ours(browser: Browser): Promise<Extension | undefined> {
  return [...(await browser.extensions()).values()].find((extension) => extension.enabled);
}

/** Text of one part of a page (`data-part`), with spaces made plain; empty while it is not there. */
export async function part(page: Page, name: string): Promise<string> {
  const text = await page.evaluate(
    (selector) => document.querySelector(selector)?.textContent ?? '',
    `[data-part=${name}]`,
  );
  return text.replaceAll(/\s+/g, ' ').replaceAll('\u2212', '-').trim();
}

/** The error that the page shows; empty when it shows none. */
export function alertText(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector('[role=alert]')?.textContent?.trim() ?? '');
}

/** Waits until a part says what a person should read there. */
export async function shows(
  page: Page,
  name: string,
  expected: string | RegExp,
  ms = PATIENCE_MS,
): Promise<string> {
  return until(
    `${name} shows ${String(expected)}`,
    async () => {
      const text = await part(page, name);
      if (typeof expected === 'string' ? text === expected : expected.test(text)) return text;
      throw new Error(JSON.stringify(text));
    },
    ms,
  );
}

/** Signs in on the options page, as a person does. Leaves the page open and answers it. */
export async function signIn(installed: InstalledExtension, server: string, apiKey: string): Promise<Page> {
  const page = await installed.openTab('options.html');
  for (const [field, value] of [
    ['server', server],
    ['api_key', apiKey],
  ] as const) {
    const input = await page.waitForSelector(`input[name=${field}]`);
    await input?.click({ count: 3 });
    await input?.type(value);
  }
  await page.click('button[type=submit]');
  return page;
}
