// A person at a device: a browser with the extension signed in, its real side panel open, and what they do there.
import type { Page } from 'puppeteer-core';
import { freshProfile, launch, type LaunchOptions, type Profile, shows, signIn } from './extension.ts';
import type { InstalledExtension } from './extension.ts';
import { openSidePanel } from './panel.ts';

export class Person {
  readonly profile: Profile;
  readonly #options: LaunchOptions;
  installed: InstalledExtension;
  /** The real side panel. */
  panel: Page;

  private constructor(profile: Profile, options: LaunchOptions, installed: InstalledExtension, panel: Page) {
    this.profile = profile;
    this.#options = options;
    this.installed = installed;
    this.panel = panel;
  }

  /** Signs in at a server on a fresh profile, closes the settings and opens the side panel. */
  static async at(url: string, apiKey: string, options: LaunchOptions = {}): Promise<Person> {
    const profile = freshProfile();
    const installed = await launch(profile, options);
    const settings = await signIn(installed, url, apiKey);
    await shows(settings, 'connection', /Connected/);
    const panel = await openSidePanel(installed);
    await settings.close();
    return new Person(profile, options, installed, panel);
  }

  /** Closes the browser and opens it and the side panel again on the same profile. */
  async restart(): Promise<void> {
    await this.installed.close();
    this.installed = await launch(this.profile, this.#options);
    this.panel = await openSidePanel(this.installed);
  }

  /** What the background worker answers to a page that asks it. */
  async ask(name: string, data?: unknown): Promise<unknown> {
    return this.panel.evaluate(
      async (message) => {
        const reply = await chrome.runtime.sendMessage(message);
        if ('error' in reply) throw new Error(reply.error);
        return reply.value;
      },
      { name, data },
    );
  }

  async dispose(): Promise<void> {
    await this.installed.close();
    this.profile.dispose();
  }
}
