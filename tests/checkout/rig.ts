// The whole of it: server, look-alike checkout, and a browser with the extension signed in.
import type { Page } from 'puppeteer-core';
import {
  freshProfile,
  type InstalledExtension,
  launch,
  type LaunchOptions,
  shows,
  signIn,
} from '../tools/harness/extension.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { type CheckoutSite, startCheckoutSite } from './site.ts';

export interface Rig {
  server: ServerProcess;
  site: CheckoutSite;
  installed: InstalledExtension;
  account: Account;
  /** Opens a layout of the look-alike in a new tab; what the tab's console says is kept in `complaints`. */
  open(layout: string, options?: Record<string, string>): Promise<Page>;
  complaints: string[];
  dispose(): Promise<void>;
}

const SIZE = { width: 1_200, height: 900 };

export async function startRig(how: Pick<LaunchOptions, 'built' | 'language'> = {}): Promise<Rig> {
  const profile = freshProfile();
  const site = await startCheckoutSite();
  const server = await startServerProcess();
  const installed = await launch(profile, { ...how, flags: site.flags });
  const account = await server.createAccount('Ada Lovelace');
  const options = await signIn(installed, server.url, account.api_key);
  await shows(options, 'connection', /Connected|Verbunden/);
  const complaints: string[] = [];
  return {
    server,
    site,
    installed,
    account,
    complaints,
    async open(layout, part = {}) {
      const page = await installed.browser.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warn') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.setViewport(SIZE);
      await page.goto(site.address(layout, part));
      return page;
    },
    async dispose() {
      await installed.close();
      await server.dispose();
      await site.close();
      profile.dispose();
    },
  };
}

/** Changes the look-alike's state, as its own script would. */
export async function change(page: Page, part: Record<string, string>): Promise<void> {
  await page.evaluate((next) => {
    const { lookAlike } = window as unknown as { lookAlike: { set(part: object): void } }; // of layouts.js
    lookAlike.set(next);
  }, part);
}
