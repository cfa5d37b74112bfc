// Reads and fan-out of the sync room against a bare Hocuspocus and the server of y-websocket, interleaved in the same
// run. Bar: the median ratio of the server's processor time stays within 10% of the bare Hocuspocus; the rest is shown
// beside it, and depends on what else runs. Then what the tray and the devices cost, each in a run of its own.
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import * as z from 'zod';
import { RawDevice } from '../scenarios/lib/device.ts';

const ROUNDS = 9;
const READERS = 150;
const COMMITS = 60;
const CONNECTS = 150;
const UPDATES = 1_000;
const BAR = 1.1;

const SYNC = 0;
const SYNC_STEP_2 = 1;
const UPDATE = 2;
const SYNC_STATUS = 8;
const EMPTY = Y.encodeStateVector(new Y.Doc());

const Ready = z.object({ address: z.string(), book: z.string(), tray: z.string(), token: z.string() });
/** Microseconds of processor time. */
const Cpu = z.object({ user: z.number(), system: z.number() });

interface Figure {
  perSecond: number;
  /** Processor time of the server for one, in microseconds. */
  cost: number;
}

/** How a side is spoken to: documents by name on one socket, or one document that the address names. */
type Protocol = 'hocuspocus' | 'y-websocket';

interface Side {
  name: string;
  protocol: Protocol;
  child: ChildProcess;
  ready: z.infer<typeof Ready>;
  readers: WebSocket[];
}

async function start(name: string, protocol: Protocol): Promise<Side> {
  const child = fork(join(import.meta.dirname, 'lib/sync-side.ts'), [name]);
  const [ready] = await once(child, 'message');
  return { name, protocol, child, ready: Ready.parse(ready), readers: [] };
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
function read(side: Side): Promise<WebSocket> {
  return side.protocol === 'hocuspocus' ? readNamed(side) : readAddressed(side);
}

async function readNamed({ ready: { address, book, token } }: Side): Promise<WebSocket> {
  const device = await new RawDevice(address).opened();
  device.authenticate(book, token);
  device.say(book, SYNC, 0, EMPTY);
  await new Promise<void>((resolve) => {
    device.ws.on('message', () => {
      // Accepted, the state, and the question for ours.
      if (device.received.length === 3) resolve();
    });
  });
  device.ws.removeAllListeners('message');
  return device.ws;
}

async function readAddressed({ ready: { address, book, token } }: Side): Promise<WebSocket> {
  const ws = new WebSocket(`${address}/yjs/${book}`, ['glance', `bearer.${token}`]);
  await once(ws, 'open');
  ws.send(Uint8Array.from([SYNC, 0, EMPTY.byteLength, ...EMPTY]));
  await new Promise<void>((resolve) => {
    ws.on('message', (data: Buffer) => {
      if (data[0] === SYNC && data[1] === SYNC_STEP_2) resolve();
    });
  });
  ws.removeAllListeners('message');
  return ws;
}

/** Connects, signs in and reads the book, many at once, and leaves. */
function reads(side: Side): Promise<Figure> {
  return measured(side, CONNECTS, async () => {
    const sockets = await Promise.all(Array.from({ length: CONNECTS }, () => read(side)));
    await Promise.all(
      sockets.map(async (ws) => {
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
  for (const ws of side.readers) ws.on('message', count);
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
  for (const ws of side.readers) ws.off('message', count);
  return figure;
}

/** Commits one at a time, each seen by one reader: how long that took, in ms. */
async function oneWay(side: Side): Promise<number[]> {
  const [reader] = side.readers;
  if (!reader) throw new Error('Nobody reads.');
  const took: number[] = [];
  for (let commit = 0; commit < COMMITS; commit += 1) {
    const arrival = once(reader, 'message');
    const from = performance.now();
    side.child.send('commit');
    await arrival;
    took.push(performance.now() - from);
  }
  return took;
}

/** A document to write, and how one update comes back: acknowledged, or seen by another reader. */
async function writer(side: Side): Promise<(update: Uint8Array) => Promise<void>> {
  const { address, tray, token } = side.ready;
  if (side.protocol === 'hocuspocus') {
    const device = await new RawDevice(address).opened();
    device.authenticate(tray, token);
    while (device.received.length === 0) await once(device.ws, 'message');
    return async (update) => {
      const before = device.received.length;
      device.say(tray, SYNC, UPDATE, update);
      const isBack = () => device.received.slice(before).some(({ type }) => type === SYNC_STATUS);
      while (!isBack()) await once(device.ws, 'message');
    };
  }
  const connect = async () => {
    const ws = new WebSocket(`${address}/yjs/${tray}`);
    await once(ws, 'open');
    return ws;
  };
  const [ws, other] = [await connect(), await connect()];
  return async (update) => {
    const arrival = once(other, 'message');
    const encoder = createEncoder();
    writeVarUint(encoder, SYNC);
    writeVarUint(encoder, UPDATE);
    writeVarUint8Array(encoder, update);
    ws.send(toUint8Array(encoder));
    await arrival;
  };
}

/** One update after the other, each a proposal: what a round trip takes, and what it costs the server. */
async function roundTrips(side: Side) {
  const send = await writer(side);
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let index = 0; index < UPDATES + 50; index += 1) {
    const id = `bench-${String(index).padStart(16, '0')}`;
    doc.getArray('intents').push([{ id, kind: 'notice.seen', at: index, body: { id: 'n' } }]);
  }
  for (const update of updates.splice(0, 50)) await send(update);
  const took: number[] = [];
  const { cost } = await measured(side, UPDATES, async () => {
    for (const update of updates) {
      const from = performance.now();
      await send(update);
      took.push(performance.now() - from);
    }
  });
  return { 'p50 ms': median(took), 'p99 ms': quantile(took, 0.99), 'us of processor for one': round(cost) };
}

const round = (value: number) => Math.round(value * 100) / 100;
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN);
}
const median = (values: number[]) => quantile(values, 0.5);

/** Runs something on every side, one after the other in changing order, and sets it beside the bare Hocuspocus. */
async function compare(what: string, measure: (side: Side) => Promise<Figure>): Promise<boolean> {
  const rounds: Figure[][] = [];
  // The first round warms all up.
  for (let turn = 0; turn <= ROUNDS; turn += 1) {
    const figures: Figure[] = [];
    const order = [...sides.keys()];
    if (turn % 2) order.reverse();
    for (const index of order) {
      const side = sides[index];
      if (side) figures[index] = await measure(side);
    }
    if (turn > 0) rounds.push(figures);
  }
  const ratios = sides.map((_, index) =>
    median(rounds.map((figures) => (figures[index]?.cost ?? 0) / (figures[BARE]?.cost ?? 0))),
  );
  const middle = (index: number, figure: keyof Figure) =>
    median(rounds.map((figures) => figures[index]?.[figure] ?? Number.NaN));
  console.table(
    Object.fromEntries(
      sides.map(({ name }, index) => [
        name,
        {
          'us of processor for one': middle(index, 'cost'),
          'per second': Math.round(middle(index, 'perSecond')),
          [`to bare, median of ${ROUNDS}`]: ratios[index],
        },
      ]),
    ),
  );
  const held = (ratios[OURS] ?? Number.NaN) <= BAR;
  process.stdout.write(`${what}: bar ${BAR} of bare Hocuspocus ${held ? 'held' : 'MISSED'}\n`);
  return held;
}

const [OURS, BARE] = [0, 1];
const sides = await Promise.all([
  start('ours', 'hocuspocus'),
  start('bare', 'hocuspocus'),
  start('feed', 'y-websocket'),
  start('plain', 'y-websocket'),
]);
const read_ = await compare('connect, sign in and read a book', reads);
for (const side of sides) {
  side.readers = await Promise.all(Array.from({ length: READERS }, () => read(side)));
}
const fan = await compare(`one commit to ${READERS} readers`, fanOut);
for (const side of sides) for (const ws of side.readers.splice(1)) ws.terminate();
// Until the servers have seen them go.
await sleep(500);
const ways: Record<string, object> = {};
for (const side of sides) {
  const took = await oneWay(side);
  ways[side.name] = { 'p50 ms': median(took), 'p99 ms': quantile(took, 0.99) };
}
process.stdout.write('one commit to one reader, from order to arrival\n');
console.table(ways);
const trips: Record<string, object> = {};
for (const side of sides) if (side.name !== 'feed') trips[side.name] = await roundTrips(side);
process.stdout.write(
  'an update and back: ours checked, settled without a database and emptied; theirs merged\n',
);
console.table(trips);
for (const side of sides) {
  for (const ws of side.readers) ws.terminate();
  side.child.disconnect();
}
let held = read_ && fan;
for (const part of ['tray', 'devices']) {
  process.stdout.write(`\n== ${part}\n`);
  const script = join(import.meta.dirname, `lib/${part}.ts`);
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' });
  held &&= status === 0;
}
process.exitCode = held ? 0 : 1;
