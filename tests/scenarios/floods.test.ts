// A signed-in device that means ill by quantity: floods of every kind of message, on its book, a page, its tray and the
// feed. It loses its own socket at most; others go on, nobody gets a byte of it, and the process stays as small as it was.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { bookName, pageName, trayName } from '../../shared/documents.ts';
import { type Intent, MAX_WAITING_INTENTS, TRAY_ROOT } from '../../shared/intents.ts';
import type { Answer } from '../../shared/account.ts';
import { MAX_SOCKETS, MISDEEDS } from '../../sync-server/sync/limits.ts';
import { KEEP_ANSWERS } from '../../sync-server/sync/lanes.ts';
import { any, craft, item } from './lib/crdt.ts';
import { headOf, open, RawDevice, sha, soon } from './lib/device.ts';
import { fund, type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const SYNC_REPLY = 4;
const STATELESS = 5;
const BROADCAST_STATELESS = 6;
const UPDATE = 2;

/** What a flood may leave behind in the process, for the buffers and caches of an honest day. */
const MAX_GROWTH = 16 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes that are in use, garbage not counted. */
function inUse(): number {
  if (typeof collect === 'function') collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

let server: TestServer;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  server = await startTestServer();
  ann = await register(server, 'Ann');
  bob = await register(server, 'Bob');
  await fund(server, ann, 10n);
});
afterAll(() => server[Symbol.asyncDispose]());

const names = (): [string, string][] => [
  ['book', bookName(ann.account)],
  ['page', pageName(ann.account, 0)],
  ['tray', trayName(ann.account, 'evil')],
];

async function seated(name: string): Promise<RawDevice> {
  const device = await new RawDevice(server.sync).opened();
  device.authenticate(name, await signIn(server, ann, 'evil'));
  await soon('the document is open', () => device.received.some(({ type }) => type === 2));
  return device;
}

const floods: Record<string, (device: RawDevice, name: string) => void> = {
  'stateless messages': (device, name) => {
    for (let count = 0; count < 200; count += 1) device.say(name, STATELESS, 'hello everybody');
  },
  'stateless broadcasts': (device, name) => {
    for (let count = 0; count < 200; count += 1) device.say(name, BROADCAST_STATELESS, 'x'.repeat(10_000));
  },
  'awareness of thousands of others': (device, name) => {
    for (let count = 0; count < 900; count += 1) {
      const client = 1_000_000 + count;
      const state = JSON.stringify({ name: 'x'.repeat(500) });
      const update = Uint8Array.from([1, ...varUint(client), 1, ...varUint(state.length), ...bytes(state)]);
      device.say(name, AWARENESS, update);
    }
  },
  'questions for awareness': (device, name) => {
    for (let count = 0; count < 900; count += 1) device.say(name, QUERY_AWARENESS);
  },
  'unknown documents': (device) => {
    for (let count = 0; count < 500; count += 1) device.authenticate(`account:none-${count}:v1`, 'token');
  },
  'ten thousand tiny updates that leave gaps': (device, name) => {
    for (let count = 1; count <= 10_000; count += 1) {
      const structs = [item({ root: TRAY_ROOT, content: any(1) })];
      device.say(name, SYNC, UPDATE, craft([{ client: 77, clock: 2 * count, structs }]));
    }
  },
  'questions for everything': (device, name) => {
    for (let count = 0; count < 900; count += 1) device.say(name, SYNC, 0, Y.encodeStateVector(new Y.Doc()));
  },
  'answers nobody asked for': (device, name) => {
    for (let count = 0; count < 900; count += 1)
      device.say(name, SYNC_REPLY, 1, Y.encodeStateAsUpdate(new Y.Doc()));
  },
  'text in binary frames': ({ ws }) => {
    for (let count = 0; count < 50; count += 1) ws.send(Buffer.from(`{"type":"set","balance":${count}}`));
  },
  'random bytes': ({ ws }) => {
    for (let count = 0; count < 50; count += 1) ws.send(randomBytes(200));
  },
  'a text frame': ({ ws }) => ws.send('give me credits'),
  'a frame of 100 MiB': ({ ws }) => ws.send(new Uint8Array(100 * 1024 * 1024)),
};

const bytes = (text: string) => new TextEncoder().encode(text);
function varUint(value: number): number[] {
  const parts: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) parts.push((rest & 127) | 128);
  return [...parts, rest];
}

test.for(Object.entries(floods))('%s', async ([, flood]) => {
  using honest = open(server.sync, bookName(ann.account), await signIn(server, ann, 'laptop'));
  await soon('the book is here', () => honest.provider.isSynced && headOf(honest.doc));
  const stateless: string[] = [];
  honest.provider.on('stateless', ({ payload }: { payload: string }) => stateless.push(payload));
  const before = inUse();
  for (const [, name] of names()) {
    using device = await seated(name);
    flood(device, name);
    // Whatever has been sent is read when the socket is closed, or when an answer to the last question came.
    device.ws.close();
    await soon('the flood is over', () => device.closed, 20_000);
  }
  await fund(server, ann, 1n);
  const head = (await server.running.ledger.journal(ann.account, 0, 1000)).at(-1)?.seq;
  await soon('an honest device goes on', () => headOf(honest.doc)?.seq === head, 5_000);
  using late = open(server.sync, bookName(ann.account), await signIn(server, ann, 'late'));
  await soon('a new device reads the same', () => headOf(late.doc)?.seq === head);
  expect(sha(late.doc)).toBe(sha(honest.doc));
  expect(honest.closes).toEqual([]);
  expect(stateless).toEqual([]);
  const known = [...(honest.provider.awareness?.getStates().keys() ?? [])];
  expect(known.length).toBeLessThanOrEqual(3);
  // Buffers of closed sockets are let go a little later.
  await soon('nothing of it stays in memory', () => inUse() - before < MAX_GROWTH);
});

test('bytes that are refused again and again fill no log: their device loses its sockets for a while', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const name = trayName(ann.account, 'evil');
  const token = await signIn(server, ann, 'evil');
  let refused = 0;
  for (let socket = 0; socket < 10; socket += 1) {
    using device = await new RawDevice(server.sync).opened();
    for (let count = 0; count < 20 && !device.closed; count += 1) {
      const before = device.received.length;
      device.authenticate(name, token);
      device.say(name, SYNC, UPDATE, Uint8Array.from([9, 9, 9]));
      await soon(
        'it is closed',
        () => device.closed ?? device.received.slice(before).some(({ type }) => type === 7),
      );
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(MISDEEDS.burst);
  expect(said.mock.calls.length).toBeLessThanOrEqual(MISDEEDS.burst + 2);
  said.mockRestore();
  // Whoever signs in anew, or is another device, goes on.
  using honest = open(server.sync, bookName(ann.account), await signIn(server, ann, 'laptop'));
  await soon('an honest device reads', () => headOf(honest.doc));
});

test('a feed that is flooded with junk ends, and nothing else', async () => {
  const address = `${server.sync.replace(/\/sync$/, '/yjs')}/${bookName(ann.account)}`;
  const connect = async () => {
    const ws = new WebSocket(address, ['glance', `bearer.${await signIn(server, ann, 'evil')}`]);
    ws.on('error', () => {});
    await once(ws, 'open');
    return ws;
  };
  const endOf = async (send: (ws: WebSocket) => void) => {
    const ws = await connect();
    send(ws);
    const [code] = await once(ws, 'close');
    return Number(code);
  };
  expect(await endOf((ws) => ws.send('text'))).toBe(1003);
  expect(await endOf((ws) => ws.send(new Uint8Array(100 * 1024 * 1024)))).toBe(1009);
  expect(await endOf((ws) => ws.send(new Uint8Array([0, 0, 200])))).toBe(4400);
  expect(await endOf((ws) => ws.send(new Uint8Array([255])))).toBe(4400);
  const everything = Uint8Array.from([0, 0, 1, 0]);
  expect(
    await endOf((ws) => {
      for (let count = 0; count < 900; count += 1) ws.send(everything);
    }),
  ).toBe(4429);
});

test('one sign-in holds a few sockets: the oldest makes room', async () => {
  const token = await signIn(server, ann, 'evil');
  const devices: RawDevice[] = [];
  for (let count = 0; count < MAX_SOCKETS + 2; count += 1) {
    const device = await new RawDevice(server.sync).opened();
    device.authenticate(bookName(ann.account), token);
    await soon('it is open', () => device.received.some(({ type }) => type === 2));
    devices.push(device);
  }
  await soon('two are closed', () => devices.filter(({ closed }) => closed).length === 2);
  expect(devices.slice(0, 2).map(({ closed }) => closed?.code)).toEqual([1013, 1013]);
  for (const device of devices) device[Symbol.dispose]();
});

const proposals = (count: number, prefix: string): Intent[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${prefix}-${String(index).padStart(16, '0')}`,
    kind: 'withdrawal.cancel',
    at: index,
    body: { id: 'none' },
  }));

test('a backlog is settled in a few transactions, its answers arrive in steps, and others are served in between', async () => {
  const token = await signIn(server, ann, 'laptop');
  using book = open(server.sync, bookName(ann.account), token);
  using tray = open(server.sync, trayName(ann.account, 'laptop'), token, { over: book });
  using other = open(server.sync, trayName(bob.account, 'phone'), await signIn(server, bob, 'phone'));
  await soon(
    'all is here',
    () => book.provider.isSynced && tray.provider.isSynced && other.provider.isSynced,
  );
  const answered = new Set<string>();
  const steps: number[] = [];
  book.doc.getMap<Answer[]>('answers').observe((event) => {
    const list = event.target.get('value') as Answer[];
    const before = answered.size;
    for (const { intent } of list) if (intent.startsWith('backlog')) answered.add(intent);
    if (answered.size > before) steps.push(answered.size);
  });
  const order: string[] = [];
  tray.doc.getArray(TRAY_ROOT).push(proposals(MAX_WAITING_INTENTS, 'backlog'));
  await soon('the backlog is on its way', () => answered.size > 0);
  other.doc.getArray(TRAY_ROOT).push(proposals(1, 'single'));
  const isEmpty = (device: typeof tray) =>
    device.provider.isSynced && device.doc.getArray(TRAY_ROOT).length === 0;
  await Promise.all([
    soon('the single one is settled', () => isEmpty(other)).then(() => order.push('single')),
    soon('the backlog is settled', () => isEmpty(tray), 30_000).then(() => order.push('backlog')),
  ]);
  expect(order).toEqual(['single', 'backlog']);
  await soon('every answer was seen', () => answered.size === MAX_WAITING_INTENTS);
  expect(steps.length).toBe(MAX_WAITING_INTENTS / KEEP_ANSWERS);
  expect(tray.closes).toEqual([]);
});
