// Sockets that never show a token, by the thousand and over the real server: they keep nobody out but themselves.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { bookName } from '../../shared/documents.ts';
import { MAX_STRANGERS } from '../../sync-server/sync/limits.ts';
import { RawDevice, soon } from './lib/device.ts';
import { type Person, register, signIn, startTestServer, type TestServer } from './lib/server.ts';

const CROWDED = '192.0.2.7';
const ELSEWHERE = '192.0.2.8';
const TURNED_AWAY = { code: 1013, reason: 'too many sockets without a token' };

let server: TestServer;
let ann: Person;

beforeAll(async () => {
  server = await startTestServer({ TRUST_PROXY: 'on' });
  ann = await register(server, 'Ann');
});
afterAll(() => server[Symbol.asyncDispose]());

/** Shows a token; true once the book is open, false when the server closed the socket instead. */
async function sitsDown(device: RawDevice, token: string): Promise<boolean> {
  await soon('it is open or closed', () => device.closed ?? device.ws.readyState === WebSocket.OPEN);
  if (!device.closed) device.authenticate(bookName(ann.account), token);
  await soon('it is answered', () => device.closed ?? device.received.some(({ type }) => type === 2));
  return device.closed === null;
}

test('a network that is full of them is told to come later, and others are let in', async () => {
  const token = await signIn(server, ann, 'laptop');
  const crowd = Array.from(
    { length: MAX_STRANGERS.of_one_network },
    () => new RawDevice(server.sync, CROWDED),
  );
  try {
    await Promise.all(crowd.map((one) => one.opened()));
    using late = new RawDevice(server.sync, CROWDED);
    await soon('it is turned away', () => late.closed);
    expect(late.closed).toEqual(TURNED_AWAY);
    // The other door has the same keeper.
    using reader = new RawDevice(
      `${server.sync.replace(/\/sync$/, '/yjs')}/${bookName(ann.account)}`,
      CROWDED,
    );
    await soon('it is turned away', () => reader.closed);
    expect(reader.closed).toEqual(TURNED_AWAY);
    using elsewhere = new RawDevice(server.sync, ELSEWHERE);
    expect(await sitsDown(elsewhere, token)).toBe(true);
    // One of them that shows a token is a stranger no more: its place is free.
    const [known] = crowd;
    expect(known && (await sitsDown(known, token))).toBe(true);
    using next = new RawDevice(server.sync, CROWDED);
    expect(await sitsDown(next, token)).toBe(true);
  } finally {
    for (const one of crowd) one[Symbol.dispose]();
  }
});

test('honest devices behind one address, more than its share, are all in a moment later', async () => {
  const DEVICES = MAX_STRANGERS.of_one_network + 200;
  const tokens = await Promise.all(
    Array.from({ length: DEVICES }, (_, index) => signIn(server, ann, `device-${index}`)),
  );
  const devices: RawDevice[] = [];
  let turnedAway = 0;
  const comeIn = async (token: string) => {
    for (;;) {
      const device = new RawDevice(server.sync, CROWDED);
      devices.push(device);
      if (await sitsDown(device, token)) return;
      expect(device.closed).toEqual(TURNED_AWAY);
      turnedAway += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  try {
    await Promise.all(tokens.map(comeIn));
    expect(devices).toHaveLength(DEVICES + turnedAway);
  } finally {
    for (const device of devices) device[Symbol.dispose]();
  }
});
