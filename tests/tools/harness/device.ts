// Devices of people: browsers with the extension, whose background is asked through one of its pages.
import type { Page } from 'puppeteer-core';
import { uuidv7 } from '../../../shared/ids.ts';
import { call, fund } from './api.ts';
import { freshProfile, launch, type Profile, shows, signIn } from './extension.ts';
import type { InstalledExtension } from './extension.ts';
import type { Account, ServerProcess } from './server.ts';
import { until } from './until.ts';

const WALLET = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';

/** How long a device may take to find a server that is back: its waits between attempts grow. */
export const BACK_MS = 60_000;

export interface Snapshot {
  connection: string;
  credits: { available: string } | null;
  pending: { id: string; state: string; code?: string }[];
  waiting: number;
}

export function newId(): string {
  return uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

/** Whether a snapshot shows this balance, and that nothing is on its way. */
export const settled = (amount: string) => (snapshot: Snapshot) =>
  snapshot.waiting === 0 && snapshot.credits?.available === amount;

/** All devices at one server, closed and forgotten together. */
export class Devices {
  readonly #server: ServerProcess;
  readonly #open = new Set<Device>();
  readonly #profiles = new Set<Profile>();
  #people = 0;

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  /** A new account with so many credits. */
  async funded(amount: string): Promise<Account> {
    this.#people += 1;
    const account = await this.#server.createAccount(`Person ${this.#people}`);
    await fund(this.#server, account.api_key, amount);
    return account;
  }

  /** What the server says is available. */
  async available({ api_key }: Account): Promise<unknown> {
    return (await call(this.#server.url, '/credits', api_key)).body['available'];
  }

  profile(): Profile {
    const profile = freshProfile();
    this.#profiles.add(profile);
    return profile;
  }

  async start(profile = this.profile()): Promise<Device> {
    const installed = await launch(profile);
    const device: Device = new Device(profile, installed, await installed.openTab('options.html'), () => {
      this.#open.delete(device);
    });
    this.#open.add(device);
    return device;
  }

  async signedIn(account: Account): Promise<Device> {
    const device = await this.start();
    await device.page.close();
    device.page = await signIn(device.installed, this.#server.url, account.api_key);
    await shows(device.page, 'connection', /Connected/);
    await device.shows(({ connection }) => connection === 'live');
    return device;
  }

  /** Closes the device's browser and opens it again on the same profile. */
  async restart(device: Device): Promise<Device> {
    await device.close();
    return this.start(device.profile);
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#open].map((device) => device.close()));
    for (const profile of this.#profiles) profile.dispose();
    this.#profiles.clear();
  }
}

export class Device {
  readonly profile: Profile;
  readonly installed: InstalledExtension;
  readonly #closed: () => void;
  page: Page;

  constructor(profile: Profile, installed: InstalledExtension, page: Page, closed: () => void) {
    this.profile = profile;
    this.installed = installed;
    this.page = page;
    this.#closed = closed;
  }

  /** What the background answers. */
  ask(name: string, data?: unknown): Promise<Record<string, unknown>> {
    return this.page.evaluate(
      async (message) => {
        const reply = await chrome.runtime.sendMessage(message);
        if ('error' in reply) throw new Error(reply.error);
        return reply.value;
      },
      { name, data },
    );
  }

  /** Asks for a withdrawal. Answers its id. */
  async propose(amount: string, id = newId()): Promise<string> {
    const body = { amount, wallet_address: WALLET };
    const answer = await this.ask('propose', { id, kind: 'withdrawal.request', body });
    if (answer['ok'] !== true) throw new Error(JSON.stringify(answer));
    return id;
  }

  async snapshot(): Promise<Snapshot | undefined> {
    return this.page.evaluate(
      async () => (await chrome.storage.session.get<{ snapshot?: Snapshot }>('snapshot')).snapshot,
    );
  }

  /** Waits until the snapshot is as it should be. */
  async shows(check: (snapshot: Snapshot) => boolean, ms?: number): Promise<Snapshot> {
    return until(
      'the snapshot is as it should be',
      async () => {
        const snapshot = await this.snapshot();
        if (snapshot && check(snapshot)) return snapshot;
        throw new Error(JSON.stringify(snapshot));
      },
      ms,
    );
  }

  async close(): Promise<void> {
    this.#closed();
    await this.installed.close();
  }
}
