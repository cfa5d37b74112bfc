// Proposals through the tray, durably settled and answered: as fast as they go from 32 devices, and 200 a second.
// The peer is the same orders from as many writers straight into the same ledger. Bars: design figures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as Y from 'yjs';
import * as z from 'zod';
import { trayName } from '../../../shared/documents.ts';
import { type Intent, TRAY_ROOT } from '../../../shared/intents.ts';
import { RawDevice } from '../../scenarios/lib/device.ts';

const DEVICES = 32;
const SECONDS = 4;
const PACE = 200;
const BARS = { perSecond: 2_000, closed: { p99: 10 }, paced: { p50: 2, p99: 10 } };

const SYNC = 0;
const UPDATE = 2;
const SYNC_STATUS = 8;

const Ready = z.object({
  address: z.string(),
  people: z.array(z.object({ account: z.string(), token: z.string() })),
});
const Peer = z.object({ perSecond: z.number() });

const child = fork(join(import.meta.dirname, 'tray-side.ts'), [String(DEVICES)]);
const [first] = await once(child, 'message');
const { address, people } = Ready.parse(first);

let proposals = 0;
function nextIntent(): Intent {
  proposals += 1;
  const id = `bench-${String(proposals).padStart(16, '0')}`;
  return { id, kind: 'withdrawal.cancel', at: proposals, body: { id: 'none' } };
}

/** A device that proposes one thing at a time; answers how long each took to be settled and acknowledged, in ms. */
async function device({ account, token }: { account: string; token: string }) {
  const name = trayName(account, 'laptop');
  const raw = await new RawDevice(address).opened();
  raw.authenticate(name, token);
  const doc = new Y.Doc();
  const list = doc.getArray(TRAY_ROOT);
  let send = (_update: Uint8Array) => {};
  doc.on('update', (update: Uint8Array) => send(update));
  let acknowledged = () => {};
  raw.ws.on('message', () => {
    if (raw.received.pop()?.type === SYNC_STATUS) acknowledged();
  });
  await sleep(200);
  send = (update) => raw.say(name, SYNC, UPDATE, update);
  return {
    async propose(): Promise<number> {
      const from = performance.now();
      const answer = new Promise<void>((resolve) => {
        acknowledged = resolve;
      });
      list.push([nextIntent()]);
      await answer;
      const took = performance.now() - from;
      // What the server deletes goes here too, or this document would grow.
      send = () => {};
      list.delete(0, list.length);
      send = (update) => raw.say(name, SYNC, UPDATE, update);
      return took;
    },
    close: () => raw.ws.terminate(),
  };
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN) * 10) / 10;
}

const devices = await Promise.all(people.map(device));

async function closedLoop(): Promise<number[]> {
  const until = performance.now() + SECONDS * 1000;
  const all = devices.map(async ({ propose }) => {
    const took: number[] = [];
    while (performance.now() < until) took.push(await propose());
    return took;
  });
  return (await Promise.all(all)).flat();
}

async function paced(): Promise<number[]> {
  const took: number[] = [];
  const all = devices.map(async ({ propose }, index) => {
    await sleep((index * 1000) / PACE);
    const period = (DEVICES * 1000) / PACE;
    for (let beat = 0; beat < (SECONDS * 1000) / period; beat += 1) {
      const from = performance.now();
      took.push(await propose());
      await sleep(Math.max(0, period - (performance.now() - from)));
    }
  });
  await Promise.all(all);
  return took;
}

await closedLoop();
const free = await closedLoop();
const calm = await paced();
child.send('peer');
const [answer] = await once(child, 'message');
const peer = Peer.parse(answer).perSecond;
const perSecond = free.length / SECONDS;
console.table({
  [`${DEVICES} devices, as fast as it goes`]: {
    'per second': Math.round(perSecond),
    'p50 ms': quantile(free, 0.5),
    'p99 ms': quantile(free, 0.99),
  },
  [`${PACE} a second`]: { 'per second': PACE, 'p50 ms': quantile(calm, 0.5), 'p99 ms': quantile(calm, 0.99) },
  [`peer: ${DEVICES} writers on the ledger itself`]: { 'per second': Math.round(peer) },
});
const missed = [
  perSecond < BARS.perSecond && `${BARS.perSecond} a second`,
  quantile(free, 0.99) > BARS.closed.p99 && `p99 ${BARS.closed.p99} ms at full speed`,
  quantile(calm, 0.5) > BARS.paced.p50 && `p50 ${BARS.paced.p50} ms at ${PACE} a second`,
  quantile(calm, 0.99) > BARS.paced.p99 && `p99 ${BARS.paced.p99} ms at ${PACE} a second`,
].filter((bar) => bar !== false);
process.stdout.write(missed.length === 0 ? 'all bars held\n' : `MISSED: ${missed.join(', ')}\n`);
for (const { close } of devices) close();
child.disconnect();
process.exitCode = missed.length === 0 ? 0 : 1;
