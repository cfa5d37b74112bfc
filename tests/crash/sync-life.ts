// Devices that propose, go offline, come back and are restarted, while their server is killed at random and exactly
// between commit and merge, until the very end. Then everything must be as if nothing had happened.
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import { bookDatabase } from '../../extension/replica/book.ts';
import { openStore } from '../../extension/replica/store.ts';
import { trayDatabase } from '../../extension/replica/tray.ts';
import { Head } from '../../shared/account.ts';
import { TRAY_ROOT } from '../../shared/tray.ts';
import type { JournalRow } from '../../sync-server/ledger/journal.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { project } from '../../sync-server/sync/project.ts';
import { lineOf } from '../../sync-server/verify/findings.ts';
import { verify } from '../../sync-server/verify/verify.ts';
import type { Random } from '../fuzz/ledger/random.ts';
import { creditsOf, sha } from '../scenarios/lib/device.ts';
import { as, bootDevice, type ReplicaDevice } from '../scenarios/lib/replica-device.ts';
import { freePort } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';
import { Ready, type Start } from './sync-start.ts';

export interface SyncLife {
  devices: number;
  /** Proposals of each device, one by one. */
  proposals: number;
  /** Proposals of each device in one go, made offline. */
  backlog: number;
  /** Kills from outside, at random. */
  kills: number;
  /** Of a hundred fresh settlements, so many end the server before the merge. */
  killPercent: number;
  /** How long the last answers may take once all is proposed. */
  drainMs: number;
  random: Random;
}

/** What was gone through, and what was found; every list is empty when all promises were kept. */
export interface SyncTally {
  proposals: number;
  kills: number;
  injected: number;
  refused: number;
  broken: string[];
}

const PAUSE_MS = 60;
const WALLET = '7nYyVr1vH3bYw5sG6sQm7r8QkYx2q1ZpT9u4J3dWcNfa';

export async function liveThrough(life: SyncLife): Promise<SyncTally> {
  const dataDir = await mkdtemp(join(tmpdir(), 'glance-sync-soak-'));
  const listening = listenForRefusals();
  const server = await startServer(dataDir, life);
  try {
    const devices = await Promise.all(Array.from({ length: life.devices }, () => signedIn(server)));
    const proposed: string[] = [];
    const killing = killNowAndThen(server, life);
    await Promise.all(devices.map((device, index) => live(device, index, life, proposed)));
    await killing;
    await until('every proposal is answered', () => devices.every(isAnswered), life.drainMs, 100);
    const head = async () => (await journalOf(dataDir, server)).at(-1)?.seq ?? 0;
    await server.stop();
    const seq = await head();
    await server.start();
    for (const device of devices) device.replica.nudge();
    const isLevel = (device: ReplicaDevice) =>
      Head.safeParse(device.view()?.book?.section('head')).data?.seq === seq;
    await until('every book is level', () => devices.every(isLevel), life.drainMs, 100);
    await server.stop();

    const broken = await judge(dataDir, server, devices, proposed);
    for (const text of listening.heard) broken.push(`an honest tray was refused: ${text}`);
    const rows = await journalOf(dataDir, server);
    const refused = rows.filter(({ patch }) => patch.recent?.type === 'refused').length;
    const { kills, injected } = server;
    return { proposals: proposed.length, kills, injected, refused, broken };
  } finally {
    listening.end();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Hears every close reason that any device gets. */
function listenForRefusals() {
  const Plain = globalThis.WebSocket;
  const heard: string[] = [];
  globalThis.WebSocket = class extends Plain {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        const text = Buffer.from(data).toString('latin1');
        const at = text.indexOf('refused: ');
        if (at >= 0) heard.push(text.slice(at));
      });
    }
  };
  return {
    heard,
    end: () => {
      globalThis.WebSocket = Plain;
    },
  };
}

interface Server {
  readonly url: string;
  account: string;
  apiKey: string;
  /** Ends that were ordered from outside, and those that came from within. */
  kills: number;
  injected: number;
  /** Starts it, and again whenever it ends by itself. */
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Ends it for good, until `start`. */
  stop(): Promise<void>;
}

async function startServer(dataDir: string, { random, killPercent }: SyncLife): Promise<Server> {
  const port = await freePort();
  const secretsKey = randomBytes(32).toString('base64');
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  let child: ChildProcess | null = null;
  let wanted = false;
  const server: Server = {
    url: `http://127.0.0.1:${port}`,
    account: '',
    apiKey: '',
    kills: 0,
    injected: 0,
    async start() {
      wanted = true;
      await spawn();
    },
    async kill() {
      server.kills += 1;
      await end();
    },
    async stop() {
      wanted = false;
      await end();
    },
  };

  async function end(): Promise<void> {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill('SIGKILL');
    await gone;
  }

  async function spawn(): Promise<void> {
    const isFirst = server.account === '';
    const start: Start = {
      dataDir,
      port,
      secretsKey,
      webhookSecret,
      seed: random.below(2 ** 31),
      killPercent,
      isFirst,
    };
    const next = fork(join(import.meta.dirname, 'sync-server.ts'), [JSON.stringify(start)], {
      stdio: 'inherit',
    });
    child = next;
    const isReady = Promise.race([once(next, 'message'), once(next, 'exit').then(() => null)]);
    next.once('exit', () => {
      // Whoever ended it from here has let go of it before.
      if (child !== next) return;
      child = null;
      server.injected += 1;
      if (wanted) void spawn();
    });
    const message = await isReady;
    if (!message) return;
    const { account, apiKey } = Ready.parse(message[0]);
    server.account = account ?? server.account;
    server.apiKey = apiKey ?? server.apiKey;
  }

  await server.start();
  return server;
}

async function killNowAndThen(server: Server, { kills, random }: SyncLife): Promise<void> {
  for (let count = 0; count < kills; count += 1) {
    await sleep(300 + random.below(900));
    await server.kill();
    await sleep(random.below(150));
    await server.start();
  }
}

async function signedIn(server: Server): Promise<ReplicaDevice> {
  const device = await bootDevice();
  await until(
    'the device is signed in',
    async () => {
      const failure = await as(device.factory, () =>
        device.replica.signIn(server.url, server.apiKey, 'Soak'),
      );
      return failure === null;
    },
    20_000,
  );
  device.look();
  return device;
}

/** One device's day: proposals one by one, a restart, a stretch offline with a backlog, and more. */
async function live(
  device: ReplicaDevice,
  index: number,
  { proposals, backlog, random }: SyncLife,
  proposed: string[],
): Promise<void> {
  const propose = async () => {
    const [kind, body] = somethingToAsk(random);
    proposed.push(await device.propose(kind, body));
  };
  const offlineAt = random.below(proposals);
  const restartAt = random.below(proposals);
  for (let count = 0; count < proposals; count += 1) {
    await propose();
    await sleep(random.below(2 * PAUSE_MS));
    if (count === restartAt) {
      await device.reboot();
      device.look();
    }
    if (count !== offlineAt) continue;
    device.online = false;
    for (let waiting = 0; waiting < backlog; waiting += 1) await propose();
    if (index % 2) await device.reboot();
    device.online = true;
    device.look();
  }
  device.replica.nudge();
}

/** Accepted ones, refused ones, and some that compete for the same credits. */
function somethingToAsk(random: Random): [kind: string, body: Record<string, unknown>] {
  return random.weighted<[string, Record<string, unknown>]>([
    [3, ['profile.set', { name: `Ada ${random.below(1_000)}` }]],
    [3, ['withdrawal.request', { amount: String(1 + random.below(4)), wallet_address: WALLET }]],
    [2, ['withdrawal.cancel', { id: 'none' }]],
    [2, ['alerts.set', { balance: String(random.below(50)) }]],
    [1, ['unheard.of', { a: 1 }]],
  ]);
}

function isAnswered(device: ReplicaDevice): boolean {
  return device.view()?.pending.every(({ state }) => state === 'answered') ?? false;
}

async function journalOf(dataDir: string, { account }: Server): Promise<JournalRow[]> {
  const clock = { now: () => Date.now() };
  const ledger = await openLedger({ dataDir, clock, rules: DEFAULT_RULES });
  const rows = await ledger.journal(account, 0, 1_000_000);
  await ledger.close();
  return rows;
}

/** Each promise that was broken, in words. */
async function judge(
  dataDir: string,
  server: Server,
  devices: ReplicaDevice[],
  proposed: string[],
): Promise<string[]> {
  const broken: string[] = [];
  await verify({
    place: { file: join(dataDir, 'glance.sqlite') },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: (finding) => broken.push(lineOf(finding)),
  });
  const rows = await journalOf(dataDir, server);
  const answers = new Map<string, number>();
  for (const { patch } of rows) {
    if (patch.answers) answers.set(patch.answers.intent, (answers.get(patch.answers.intent) ?? 0) + 1);
  }
  for (const id of proposed) {
    const times = answers.get(id) ?? 0;
    if (times !== 1) broken.push(`${id} was answered ${times} times`);
  }
  if (answers.size !== proposed.length)
    broken.push(`${answers.size} answers to ${proposed.length} proposals`);

  const fold = new Y.Doc();
  project(fold, rows);
  for (const [index, device] of devices.entries()) {
    const { account_id, device_id, epoch, tray_epoch } = device.session.record ?? {};
    const who = `device ${index}`;
    if (epoch !== 1) broken.push(`${who} healed its book ${String(epoch)} times`);
    const book = await stored(device, bookDatabase(account_id ?? '', epoch ?? 0));
    if (sha(book) !== sha(fold)) broken.push(`${who} has other bytes than the journal`);
    if (creditsOf(book)?.balance !== creditsOf(fold)?.balance) broken.push(`${who} has another balance`);
    const tray = await stored(device, trayDatabase(account_id ?? '', device_id ?? '', tray_epoch ?? 0));
    const left = tray.getArray(TRAY_ROOT).length;
    if (left > 0) broken.push(`${who} has ${left} proposals in its tray`);
  }
  return broken;
}

/** A document as a device has it in its database. */
async function stored(device: ReplicaDevice, database: string): Promise<Y.Doc> {
  return as(device.factory, async () => {
    const doc = new Y.Doc();
    const copy = new Y.Doc();
    const store = await openStore(database, doc, () => {});
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    await store.close();
    return copy;
  });
}
