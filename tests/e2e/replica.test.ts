// The replica in real browsers on a real server: proposals that wait, travel once and are answered; forgeries that heal.
import { cpSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import * as z from 'zod/mini';
import { uuidv7 } from '../../shared/ids.ts';
import { call, fund } from '../tools/harness/api.ts';
import { freshProfile, launch, type Profile, shows, signIn } from '../tools/harness/extension.ts';
import type { InstalledExtension } from '../tools/harness/extension.ts';
import { type Account, type ServerProcess, startServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

const WALLET = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';

let server: ServerProcess;
let open: Device[] = [];
let profiles: Profile[] = [];

beforeAll(async () => {
  server = await startServerProcess();
});
afterEach(async () => {
  await Promise.all(open.map((device) => device.close()));
  for (const profile of profiles) profile.dispose();
  [open, profiles] = [[], []];
  if (!server.running) await server.start();
});
afterAll(() => server?.dispose());

interface Pending {
  id: string;
  state: string;
  code?: string;
}
interface Snapshot {
  connection: string;
  credits: { available: string } | null;
  pending: Pending[];
  waiting: number;
}

const Told = z.object({
  credits: z.optional(z.object({ available: z.string() })),
  withdrawals: z.optional(z.nullable(z.array(z.unknown()))),
  pending: z.optional(z.array(z.unknown())),
});

/** A browser with the extension and one of its pages open, through which the background is asked. */
class Device {
  readonly profile: Profile;
  installed: InstalledExtension;
  page: Page;

  private constructor(profile: Profile, installed: InstalledExtension, page: Page) {
    this.profile = profile;
    this.installed = installed;
    this.page = page;
  }

  static async start(profile = freshProfile()): Promise<Device> {
    if (!profiles.includes(profile)) profiles.push(profile);
    const installed = await launch(profile);
    const device = new Device(profile, installed, await installed.openTab('options.html'));
    open.push(device);
    return device;
  }

  static async signedIn(account: Account): Promise<Device> {
    const device = await Device.start();
    await device.page.close();
    device.page = await signIn(device.installed, server.url, account.api_key);
    await shows(device.page, 'connection', /Connected/);
    await device.shows(({ connection }) => connection === 'live');
    return device;
  }

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
  async shows(check: (snapshot: Snapshot) => boolean, ms = 15_000): Promise<Snapshot> {
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
    open = open.filter((one) => one !== this);
    await this.installed.close();
  }

  /** Closes the browser and opens it again on the same profile. */
  async restart(): Promise<Device> {
    await this.close();
    return Device.start(this.profile);
  }

  databases(): Promise<string[]> {
    return this.page.evaluate(async () =>
      (await indexedDB.databases()).map(({ name }) => name ?? '').toSorted(),
    );
  }

  /** Adds an update of one's own to a document's database, as whoever owns the machine can. */
  async tamper(prefix: string, change: (doc: Y.Doc) => void): Promise<void> {
    const name = (await this.databases()).find((each) => each.startsWith(prefix)) ?? '';
    const stored = await this.page.evaluate(readUpdates, name);
    const doc = new Y.Doc();
    for (const update of stored) Y.applyUpdate(doc, Uint8Array.from(update));
    const before = Y.encodeStateVector(doc);
    change(doc);
    await this.page.evaluate(addUpdate, name, [...Y.encodeStateAsUpdate(doc, before)]);
  }
}

function newId(): string {
  return uuidv7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}

// These two run in the page.
async function readUpdates(name: string): Promise<number[][]> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error ?? new Error(name)));
    });
  const database = await done(indexedDB.open(name));
  const updates = await done<Uint8Array[]>(database.transaction('updates').objectStore('updates').getAll());
  database.close();
  return updates.map((update) => [...update]);
}
async function addUpdate(name: string, update: number[]): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
  });
  const transaction = database.transaction('updates', 'readwrite');
  transaction.objectStore('updates').add(Uint8Array.from(update));
  await new Promise<void>((resolve) => {
    transaction.oncomplete = () => resolve();
  });
  database.close();
}

let people = 0;
async function funded(amount: string): Promise<Account> {
  people += 1;
  const account = await server.createAccount(`Person ${people}`);
  await fund(server, account.api_key, amount);
  return account;
}
const available = async ({ api_key }: Account) =>
  (await call(server.url, '/credits', api_key)).body['available'];
const settled = (amount: string) => (snapshot: Snapshot) =>
  snapshot.waiting === 0 && snapshot.credits?.available === amount;

test('made offline, proposals survive browser restarts, settle once, and show on the other device', async () => {
  const account = await funded('100');
  let laptop = await Device.signedIn(account);
  const desk = await Device.signedIn(account);
  await server.kill();
  await laptop.propose('30');
  laptop = await laptop.restart();
  await laptop.propose('20');
  laptop = await laptop.restart();
  const waiting = await laptop.shows(({ waiting: count }) => count === 2);
  expect(waiting.credits?.available).toBe('100');
  expect(waiting.pending.map(({ state }) => state)).toEqual(['waiting', 'waiting']);

  await server.start();
  await laptop.shows(settled('50'), 40_000);
  await desk.shows(settled('50'), 40_000);
  expect(await available(account)).toBe('50');
});

test('the same proposal from two devices counts once; two for more than there is: one is refused, and says why', async () => {
  const account = await funded('100');
  const [laptop, desk] = [await Device.signedIn(account), await Device.signedIn(account)];
  const id = newId();
  await Promise.all([laptop.propose('40', id), desk.propose('40', id)]);
  await Promise.all([laptop.shows(settled('60')), desk.shows(settled('60'))]);

  const [one, other] = await Promise.all([laptop.propose('50'), desk.propose('50')]);
  const seen = await Promise.all([laptop.shows(settled('10')), desk.shows(settled('10'))]);
  const refusals = seen.flatMap(({ pending }) => pending);
  expect(refusals).toEqual([expect.objectContaining({ state: 'answered', code: 'insufficient_credits' })]);
  const [refused] = refusals;
  expect([one, other]).toContain(refused?.id);
  const holder = refused?.id === one ? laptop : desk;
  await holder.ask('dismiss', refused?.id);
  await holder.shows(({ pending }) => pending.length === 0);
});

test('a forged balance heals at the next contact, and does not come back', async () => {
  const account = await funded('14');
  let laptop = await Device.signedIn(account);
  await server.kill();
  await laptop.tamper('book/', (doc) => {
    const credits = doc.getMap('credits').get('value');
    doc.getMap('credits').set('value', { ...Object(credits), balance: '777', available: '777' });
  });
  laptop = await laptop.restart();
  await laptop.shows(({ credits }) => credits?.available === '777');
  await server.start();
  await laptop.shows(
    ({ connection, credits }) => connection === 'live' && credits?.available === '14',
    40_000,
  );
  await server.kill();
  laptop = await laptop.restart();
  const offline = await laptop.shows(({ connection }) => connection === 'offline');
  expect(offline.credits?.available).toBe('14');
});

test('junk in the tray is refused; what was proposed with it, and next, settles', async () => {
  const account = await funded('100');
  let laptop = await Device.signedIn(account);
  await server.kill();
  await laptop.propose('10');
  await laptop.tamper('tray/', (doc) => doc.getMap('evil').set('balance', 1e9));
  laptop = await laptop.restart();
  await server.start();
  await laptop.shows(settled('90'), 40_000);
  await laptop.propose('5');
  await laptop.shows(settled('85'));
  expect((await laptop.databases()).filter((name) => name.startsWith('tray/'))).toEqual([
    expect.stringMatching(/#1$/),
  ]);
});

test('a copied profile proposes the same again, and it counts once', async () => {
  const account = await funded('100');
  const laptop = await Device.signedIn(account);
  await server.kill();
  await laptop.propose('25');
  await laptop.close();
  const copy = freshProfile();
  profiles.push(copy);
  cpSync(laptop.profile.dir, copy.dir, { recursive: true });
  await server.start();
  const [original, clone] = [await Device.start(laptop.profile), await Device.start(copy)];
  await Promise.all([original.shows(settled('75'), 40_000), clone.shows(settled('75'), 40_000)]);
  expect(await available(account)).toBe('75');
});

test('a page follows whole sections on a port, and reads the history behind them', async () => {
  const account = await funded('100');
  const laptop = await Device.signedIn(account);
  await laptop.page.evaluate(() => {
    const port = chrome.runtime.connect({ name: 'sections' });
    port.onMessage.addListener((values) => {
      document.body.dataset['told'] = JSON.stringify({
        ...JSON.parse(document.body.dataset['told'] ?? '{}'),
        ...values,
      });
    });
    port.postMessage(['credits', 'withdrawals', 'pending']);
  });
  const told = async () =>
    Told.parse(JSON.parse((await laptop.page.evaluate(() => document.body.dataset['told'])) ?? '{}'));
  await until('the sections are told', async () => (await told()).credits?.available === '100');
  await laptop.propose('25');
  await until('the change is told', async () => {
    const { credits, withdrawals, pending } = await told();
    return credits?.available === '75' && withdrawals?.length === 1 && pending?.length === 0;
  });
  const history = await laptop.ask('page', 0);
  expect(history).toMatchObject({
    ok: true,
    page: {
      k: 0,
      sealed: false,
      entries: [
        { n: 1, type: 'purchase', amount: '100' },
        { n: 2, type: 'withdrawal' },
      ],
    },
  });
});

test('signing out with proposals waiting says how many, and keeps them until it is told', async () => {
  const account = await funded('100');
  const laptop = await Device.signedIn(account);
  await server.kill();
  await laptop.propose('25');
  expect(await laptop.ask('sign_out')).toEqual({ waiting: 1 });
  expect((await laptop.snapshot())?.waiting).toBe(1);
  expect(await laptop.ask('sign_out', true)).toEqual({ waiting: 0 });
  expect(await laptop.snapshot()).toBeUndefined();
  expect(await laptop.databases()).toEqual(['io-glance']);
  expect(await laptop.ask('wipe')).toEqual({ waiting: 0 });
  expect(await laptop.databases()).toEqual([]);
  const left = await laptop.page.evaluate(async () => [
    await chrome.storage.local.get(),
    await chrome.storage.session.get(),
    await chrome.alarms.getAll(),
    await chrome.action.getBadgeText({}),
  ]);
  expect(left).toEqual([{}, {}, [], '']);
});
