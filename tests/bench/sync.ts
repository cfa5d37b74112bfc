// Reads and fan-out of the sync room against a bare Hocuspocus, in interleaved pairs in the same run. Bar: the median
// ratio of the server's processor time stays within 10%; per second is shown beside it, and depends on what else runs.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import * as z from 'zod';
import { RawDevice } from '../scenarios/lib/device.ts';

const PAIRS = 9;
const READERS = 150;
const COMMITS = 60;
const CONNECTS = 150;
const BAR = 1.1;

const SYNC = 0;
const EMPTY = Y.encodeStateVector(new Y.Doc());

const Ready = z.object({ address: z.string(), book: z.string(), token: z.string() });
/** Microseconds of processor time. */
const Cpu = z.object({ user: z.number(), system: z.number() });

interface Figure {
  perSecond: number;
  /** Processor time of the server for one, in microseconds. */
  cost: number;
}

interface Side {
  name: string;
  child: ChildProcess;
  ready: z.infer<typeof Ready>;
  readers: RawDevice[];
}

async function start(name: string): Promise<Side> {
  const child = fork(join(import.meta.dirname, 'lib/sync-side.ts'), [name]);
  const [ready] = await once(child, 'message');
  return { name, child, ready: Ready.parse(ready), readers: [] };
}

async function cpuOf({ child }: Side): Promise<number> {
  child.send('cpu');
  const [usage] = await once(child, 'message');
  const { user, system } = Cpu.parse(usage);
  return user + system;
}

/** Runs something that happens `times` times on a side. */
async function measured(side: Side, times: number, run: () => Promise<void>): Promise<Figure> {
  const cpu = await cpuOf(side);
  const from = performance.now();
  await run();
  const perSecond = times / ((performance.now() - from) / 1000);
  return { perSecond, cost: ((await cpuOf(side)) - cpu) / times };
}

/** Opens the book as a provider does; answers once the server's state is here. */
async function read({ ready: { address, book, token } }: Side): Promise<RawDevice> {
  const device = await new RawDevice(address).opened();
  device.authenticate(book, token);
  device.say(book, SYNC, 0, EMPTY);
  await new Promise<void>((resolve) => {
    device.ws.on('message', () => {
      // Accepted, the state, and the question for ours.
      if (device.received.length === 3) resolve();
    });
  });
  return device;
}

/** Connects, signs in and reads the book, many at once, and leaves. */
function reads(side: Side): Promise<Figure> {
  return measured(side, CONNECTS, async () => {
    const devices = await Promise.all(Array.from({ length: CONNECTS }, () => read(side)));
    await Promise.all(
      devices.map(async ({ ws }) => {
        ws.close();
        if (ws.readyState !== WebSocket.CLOSED) await once(ws, 'close');
      }),
    );
  });
}

/** Commits one after the other, each seen by every reader. */
async function fanOut(side: Side): Promise<Figure> {
  let arrived = 0;
  let whenAll = () => {};
  const count = () => {
    arrived += 1;
    if (arrived === READERS) whenAll();
  };
  for (const { ws } of side.readers) ws.on('message', count);
  const figure = await measured(side, COMMITS * READERS, async () => {
    for (let commit = 0; commit < COMMITS; commit += 1) {
      arrived = 0;
      const all = new Promise<void>((resolve) => {
        whenAll = resolve;
      });
      side.child.send('commit');
      await all;
    }
  });
  for (const { ws } of side.readers) ws.off('message', count);
  return figure;
}

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function compare(what: string, measure: (side: Side) => Promise<Figure>): Promise<boolean> {
  const pairs: { ours: Figure; bare: Figure }[] = [];
  // The first pair warms both up.
  for (let pair = 0; pair <= PAIRS; pair += 1) {
    const first = pair % 2 ? await measure(ours) : null;
    const figures = { bare: await measure(bare), ours: first ?? (await measure(ours)) };
    if (pair > 0) pairs.push(figures);
  }
  const middle = (side: 'ours' | 'bare', figure: keyof Figure) =>
    Math.round(median(pairs.map((pair) => pair[side][figure])) * 10) / 10;
  const ratio = median(pairs.map((pair) => pair.ours.cost / pair.bare.cost));
  process.stdout.write(
    `${what}: ours ${middle('ours', 'cost')} us each and ${middle('ours', 'perSecond')}/s, ` +
      `bare Hocuspocus ${middle('bare', 'cost')} us and ${middle('bare', 'perSecond')}/s, ` +
      `median ratio of ${PAIRS} pairs ${ratio.toFixed(2)} (bar ${BAR}) ${ratio <= BAR ? 'held' : 'MISSED'}\n`,
  );
  return ratio <= BAR;
}

const [ours, bare] = await Promise.all([start('ours'), start('bare')]);
const read_ = await compare('connect, sign in and read a book', reads);
for (const side of [ours, bare])
  side.readers = await Promise.all(Array.from({ length: READERS }, () => read(side)));
const fan = await compare(`one commit to ${READERS} readers`, fanOut);
for (const side of [ours, bare]) {
  for (const { ws } of side.readers) ws.terminate();
  side.child.disconnect();
}
process.exitCode = read_ && fan ? 0 : 1;
