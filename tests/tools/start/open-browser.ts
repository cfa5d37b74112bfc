// A browser window for a person: the extension installed over the pipe, and signed in through its own options page.
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer from 'puppeteer-core';
import type { Browser, Extension, Page } from 'puppeteer-core';
import { BUILT } from './build.ts';

const WITHIN_MS = 20_000;

export interface DemoBrowser {
  close(): Promise<void>;
}

export interface DemoBrowserOptions {
  executablePath: string;
  /** Folder of the browser's profile; kept. */
  profile: string;
  server: string;
  apiKey: string;
  headless?: boolean;
  /** More of the browser's own flags. */
  flags?: readonly string[];
}

const CONNECTION = '[data-part=connection]';

async function isConnected(page: Page): Promise<boolean> {
  const text = await page.$eval(CONNECTION, (element) => element.textContent ?? '').catch(() => '');
  return text.includes('Connected');
}

/** Signs in as a person does; a profile that is signed in already is left alone. */
async function signIn(page: Page, { server, apiKey }: DemoBrowserOptions): Promise<void> {
  await page.waitForSelector(`${CONNECTION}, input[name=api_key]`, { timeout: WITHIN_MS });
  if (await isConnected(page)) return;
  for (const [name, value] of [
    ['server', server],
    ['api_key', apiKey],
  ]) {
    const input = await page.waitForSelector(`input[name=${name}]`, { timeout: WITHIN_MS });
    await input?.click({ count: 3 });
    await input?.type(value ?? '');
  }
  await page.click('button[type=submit]');
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.textContent?.includes('Connected') ?? false,
    { timeout: WITHIN_MS },
    CONNECTION,
  );
}

/** The extension, once the browser lists it. */
async function installed(browser: Browser): Promise<Extension> {
  const until = Date.now() + WITHIN_MS;
  while (Date.now() < until) {
    const [extension] = (await browser.extensions()).values();
    if (extension) return extension;
    await sleep(100);
  }
  throw new Error('the extension was not installed');
}

/** Opens the window with the options page signed in, and the popup over it. @throws when it cannot be opened */
export async function openBrowser(options: DemoBrowserOptions): Promise<DemoBrowser> {
  const browser = await puppeteer.launch({
    executablePath: options.executablePath,
    headless: options.headless ?? false,
    pipe: true,
    enableExtensions: [resolve(BUILT)],
    userDataDir: options.profile,
    defaultViewport: null,
    // The process that owns the server also ends the browser.
    handleSIGINT: false,
    handleSIGTERM: false,
    ignoreDefaultArgs: ['--enable-automation'],
    args: [
      ...(options.flags ?? []),
      '--no-first-run',
      '--no-default-browser-check',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  try {
    const extension = await installed(browser);
    const [first] = await browser.pages();
    const page = first ?? (await browser.newPage());
    await page.goto(`chrome-extension://${extension.id}/options.html`);
    await signIn(page, options);
    await page.bringToFront();
    await extension.triggerAction(page);
  } catch (error) {
    await browser.close();
    throw error;
  }
  return { close: () => browser.close() };
}
