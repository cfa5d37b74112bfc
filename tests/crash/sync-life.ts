// Devices that propose, go offline, come back and are restarted, while their server is killed at random and exactly
// between commit and merge, until the very end. Then everything must be as if nothing had happened.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Head } from '../../shared/account.ts';
import type { Random } from '../fuzz/ledger/random.ts';
import { as, bootDevice, type ReplicaDevice } from '../scenarios/lib/replica-device.ts';
import { until } from '../tools/harness/until.ts';
import { inTray, journalOf, judge } from './sync-judge.ts';
import { type MortalServer, startMortalServer } from './sync-supervisor.ts';

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
  const server = await startMortalServer(dataDir, life);
  try {
    const devices = await Promise.all(Array.from({ length: life.devices }, () => signedIn(server)));
    const proposed: string[] = [];
    const killing = killNowAndThen(server, life);
    await Promise.all(devices.map((device, index) => live(device, index, life, proposed)));
    await killing;
    await until('every proposal is answered', () => devices.every(isAnswered), life.drainMs, 100);
    await server.stop();
    const seq = (await journalOf(dataDir, server.account)).at(-1)?.seq ?? 0;
    await server.start();
    for (const device of devices) device.replica.nudge();
    const isLevel = (device: ReplicaDevice) =>
      Head.safeParse(device.view()?.book?.section('head')).data?.seq === seq;
    await until('every book is level', () => devices.every(isLevel), life.drainMs, 100);
    // What was settled before a kill still lies in a tray: the server takes it out when it sees it again.
    const isEmpty = async () => (await Promise.all(devices.map(inTray))).every((left) => left === 0);
    await until('every tray is empty', isEmpty, life.drainMs, 100);
    await server.stop();

    const broken = await judge(dataDir, server.account, devices, proposed);
    for (const text of listening.heard) broken.push(`an honest tray was refused: ${text}`);
    const rows = await journalOf(dataDir, server.account);
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

async function killNowAndThen(server: MortalServer, { kills, random }: SyncLife): Promise<void> {
  for (let count = 0; count < kills; count += 1) {
    await sleep(300 + random.below(900));
    await server.kill();
    await sleep(random.below(150));
    await server.start();
  }
}

async function signedIn(server: MortalServer): Promise<ReplicaDevice> {
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
