import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE_WITHIN, MAX_DENIALS, MAX_WAITING, TOKEN_WITHIN } from './limits.ts';
import { CLOSE, SyncSocket } from './socket.ts';

const clock = { now: () => 0 };
const limits = { messages_per_second: 1, message_burst: 3, bytes_per_second: 1, byte_burst: 100 };

let server: WebSocketServer;
let client: WebSocket;
let socket: SyncSocket;
let frames: Uint8Array[];
let closed: Promise<unknown[]>;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = new WebSocket(`ws://127.0.0.1:${port}`);
  closed = once(client, 'close').then(([code, reason]) => [code, String(reason)]);
  const [[ws]] = await Promise.all([once(server, 'connection'), once(client, 'open')]);
  socket = new SyncSocket(ws, clock, limits);
  frames = [];
  socket.listen({ handleMessage: (data) => frames.push(data) });
});
afterEach(async () => {
  client.terminate();
  vi.useRealTimers();
  await new Promise((resolve) => server.close(resolve));
});

const seat = {
  name: 'account:ann:v1',
  document: { kind: 'book', account: 'ann' } as const,
  token: 'token',
  member: { principal: 'p1', account: 'ann', device: 'laptop', session: 's1', expiresAt: 1 },
  checkedAt: 0,
  beats: new Set<number>(),
  isClosing: false,
};

test('frames within the limits are handed on, the first beyond ends the socket', async () => {
  for (let index = 0; index < 5; index += 1) client.send(new Uint8Array([index]));
  expect(await closed).toEqual([4429, 'rate limited']);
  expect(frames.map((frame) => frame[0])).toEqual([0, 1, 2]);
});

test('too many bytes end it too', async () => {
  client.send(new Uint8Array(60));
  client.send(new Uint8Array(60));
  expect(await closed).toEqual([4429, 'rate limited']);
  expect(frames).toHaveLength(1);
});

test('a text frame ends it', async () => {
  client.send('hello');
  expect(await closed).toEqual([1003, 'binary frames only']);
  expect(frames).toEqual([]);
});

test('without a token in time it is closed, with one it stays', async () => {
  vi.advanceTimersByTime(TOKEN_WITHIN - 1);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  vi.advanceTimersByTime(1);
  expect(await closed).toEqual([4408, 'no token in time']);
});

test('a seat stops the clock for the token', () => {
  socket.sit(seat);
  vi.advanceTimersByTime(10 * TOKEN_WITHIN);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  expect([...socket.seats]).toEqual([seat]);
  socket.leave(seat);
  expect(socket.seats.size).toBe(0);
});

test('a stranger says what there is room for, and is none once it sits', async () => {
  const [[ws]] = await Promise.all([once(server, 'connection'), once(new WebSocket(client.url), 'open')]);
  const said: number[] = [];
  let left = 0;
  const stranger = { say: (bytes: number) => said.push(bytes) < 3, leave: () => (left += 1) };
  const unknown = new SyncSocket(ws, clock, null, stranger);
  const heard: number[] = [];
  unknown.listen({ handleMessage: (data) => heard.push(data.byteLength) });
  const say = (bytes: number) => ws.emit('message', Buffer.alloc(bytes), true);
  say(7);
  unknown.sit(seat);
  expect(left).toBe(1);
  say(8);
  expect({ said, heard }).toEqual({ said: [7], heard: [7, 8] });

  ws.removeAllListeners('message');
  const talker = new SyncSocket(ws, clock, null, stranger);
  talker.listen({ handleMessage: (data) => heard.push(data.byteLength) });
  say(1);
  say(2);
  expect({ said, heard }).toEqual({ said: [7, 1, 2], heard: [7, 8, 1] });
  expect(talker.readyState).toBe(WebSocket.CLOSING);
});

test('tokens shown in vain end it', async () => {
  for (let index = 1; index < MAX_DENIALS; index += 1) socket.denied();
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.denied();
  expect(await closed).toEqual([4401, 'unauthenticated']);
});

test('a reader that does not read is given up before it fills the memory, and cut when it does not answer', async () => {
  client.pause();
  const chunk = new Uint8Array(MAX_WAITING / 4);
  let sent = 0;
  while (socket.readyState === WebSocket.OPEN) {
    socket.send(chunk);
    sent += 1;
    // What the system's own buffers take is not ours to hold.
    if (sent % 8 === 0) await new Promise(setImmediate);
    if (sent > 1_000) break;
  }
  expect(socket.readyState).toBe(WebSocket.CLOSING);
  const [ws] = server.clients;
  const gone = ws && once(ws, 'close');
  vi.advanceTimersByTime(CLOSE_WITHIN);
  await gone;
  expect(socket.readyState).toBe(WebSocket.CLOSED);
});

test('while work is under way no frame is read', async () => {
  let finish = () => {};
  const work = socket.holdWhile(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  client.send(new Uint8Array([1]));
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(frames).toEqual([]);
  finish();
  await work;
  client.send('end');
  await closed;
  expect(frames).toHaveLength(1);
});

test('what is said after the end goes nowhere', async () => {
  socket.end(CLOSE.goingAway);
  socket.send(new Uint8Array([1]));
  socket.end(CLOSE.rateLimited);
  client.send(new Uint8Array([1]));
  expect(await closed).toEqual([1001, 'going away']);
  expect(frames).toEqual([]);
});
