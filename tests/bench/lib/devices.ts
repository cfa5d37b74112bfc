// A thousand devices of a thousand accounts on one server, each with its book and its tray open: how fast they come, what
// each costs in memory, and how long a commit takes to the device that shows it. Bars: design figures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import * as z from 'zod';
import { bookName, trayName } from '../../../shared/documents.ts';
import { RawDevice } from '../../scenarios/lib/device.ts';

const DEVICES = 1_000;
/** Connecting at once: as many as a proxy lets through together. */
const AT_ONCE = 50;
const PACE = 200;
const SECONDS = 5;
/** 10,000 idle devices in 1.5 GiB; from a commit to a number in an open popup 50 ms. */
const BARS = { perDevice: (1.5 * 2 ** 30) / 10_000, p95: 50, storm: 30_000 };

const SYNC = 0;
const EMPTY = Y.encodeStateVector(new Y.Doc());
const Ready = z.object({
  address: z.string(),
  people: z.array(z.object({ account: z.string(), token: z.string() })),
});
const Memory = z.object({ rss: z.number() });
const Committed = z.object({ commit: z.number(), at: z.string() });

const child = fork(join(import.meta.dirname, 'tray-side.ts'), [String(DEVICES)], {
  execArgv: ['--expose-gc'],
});
const [first] = await once(child, 'message');
const { address, people } = Ready.parse(first);

async function memory(): Promise<number> {
  await sleep(2_000);
  child.send('memory');
  const [answer] = await once(child, 'message');
  return Memory.parse(answer).rss;
}

async function connect({ account, token }: { account: string; token: string }): Promise<RawDevice> {
  const device = await new RawDevice(address).opened();
  const names = [bookName(account), trayName(account, 'laptop')];
  for (const name of names) {
    device.authenticate(name, token);
    device.say(name, SYNC, 0, EMPTY);
  }
  // Of each document: accepted, the state, and the question for ours.
  while (device.received.length < 3 * names.length) await once(device.ws, 'message');
  return device;
}

async function connectAll(): Promise<RawDevice[]> {
  const devices: RawDevice[] = [];
  const waiting = [...people];
  const line = async () => {
    for (let person = waiting.pop(); person; person = waiting.pop()) devices.push(await connect(person));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  return devices;
}

/** Commits at a steady pace, each for another device; answers how long each took to arrive there, in ms. */
async function commits(devices: RawDevice[]): Promise<number[]> {
  const byAccount = new Map(people.map(({ account }, index) => [bookName(account), index]));
  const arrived = new Map<number, bigint>();
  for (const device of devices) {
    device.ws.on('message', () => {
      const now = process.hrtime.bigint();
      const index = byAccount.get(device.received.at(-1)?.name ?? '');
      if (index !== undefined && !arrived.has(index)) arrived.set(index, now);
    });
  }
  const committed = new Map<number, bigint>();
  child.on('message', (message) => {
    const { commit, at } = Committed.parse(message);
    committed.set(commit, BigInt(at));
  });
  for (let turn = 0; turn < PACE * SECONDS; turn += 1) {
    child.send({ commit: turn % DEVICES });
    await sleep(1000 / PACE);
  }
  await sleep(500);
  return [...committed].map(([index, at]) => Number((arrived.get(index) ?? 0n) - at) / 1e6);
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN) * 100) / 100;
}

const before = await memory();
const from = performance.now();
const devices = await connectAll();
const took = performance.now() - from;
const perDevice = (await memory()) - before;
const ways = await commits(devices);
const perSecond = (DEVICES * 1000) / took;
console.table({
  [`${DEVICES} devices connect, book and tray`]: { 'per second': Math.round(perSecond) },
  'memory of an idle device': { KiB: Math.round(perDevice / DEVICES / 1024) },
  [`commit to another device, ${PACE} a second`]: {
    'p50 ms': quantile(ways, 0.5),
    'p95 ms': quantile(ways, 0.95),
    'p99 ms': quantile(ways, 0.99),
  },
});
const missed = [
  perDevice / DEVICES > BARS.perDevice && `${Math.round(BARS.perDevice / 1024)} KiB for a device`,
  10_000 / perSecond > BARS.storm / 1000 && '10,000 devices in 30 s',
  quantile(ways, 0.95) > BARS.p95 && `p95 ${BARS.p95} ms`,
  Math.min(...ways) < -1000 && 'every commit arrived',
].filter((bar) => bar !== false);
process.stdout.write(missed.length === 0 ? 'all bars held\n' : `MISSED: ${missed.join(', ')}\n`);
for (const { ws } of devices) ws.terminate();
child.disconnect();
process.exitCode = missed.length === 0 ? 0 : 1;
