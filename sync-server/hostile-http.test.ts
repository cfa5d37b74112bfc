// Bytes that no client of ours sends, to a whole server over a socket.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkedFetch } from './api/contract.ts';
import { openPlace, raw, type TestPlace } from './test-place.ts';

// The machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let place: TestPlace;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

/** The server's own end of the next connection. */
function nextAccepted(): Promise<Socket> {
  const channel = 'net.server.socket';
  return new Promise((resolve) => {
    subscribe(channel, function accepted(message) {
      if (!(message instanceof Object && 'socket' in message && message.socket instanceof Socket)) return;
      unsubscribe(channel, accepted);
      resolve(message.socket);
    });
  });
}

test('what is not HTTP, or no request that anyone could answer, gets a problem document', async () => {
  const { port, url } = await place.start();
  const cases: [string, string, number][] = [
    ['nonsense', 'hello\r\n\r\n', 400],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a strange host', 'GET /healthz HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['huge headers', `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc',
      400,
    ],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a method without requests', 'TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['a foreign address', 'GET ftp://x/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['a backslash', 'GET /a\\b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['a broken escape', 'GET /%ff%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['an unmet expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n', 417],
    [
      'a socket elsewhere',
      'GET /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      404,
    ],
  ];
  for (const [label, bytes, status] of cases) {
    const answer = await raw(port, bytes);
    expect(answer, label).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.toLowerCase(), label).toContain('content-type: application/problem+json');
  }
  expect((await checkedFetch(`${url}/healthz`)).status).toBe(200);
});

test('an offer of another protocol does not keep a call from its answer', async () => {
  const { port } = await place.start();
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk';
  const answer = await raw(port, `GET /healthz HTTP/1.0\r\nHost: x\r\n${offer}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
});

test('who was refused and never closes keeps neither a socket nor a stop waiting', async () => {
  const server = await place.start();
  const refused = [
    'GET /other HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'hello\r\n\r\n',
  ].map((bytes) => {
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => {});
    socket.resume();
    socket.write(bytes);
    return socket;
  });
  await Promise.all(refused.map((socket) => once(socket, 'end')));
  const started = performance.now();
  await server.stop();
  expect(performance.now() - started).toBeLessThan(2_000);
  for (const socket of refused) socket.destroy();
});

test('who asks for much and reads nothing is cut off', async () => {
  const { port, url } = await place.start({}, { stillAtMost: 300 });
  const asked = 300;
  const accepted = nextAccepted();
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(asked));
  await once(await accepted, 'close');
  const whole = (await (await checkedFetch(`${url}/openapi.json`)).text()).length * asked;
  let read = 0;
  socket.on('data', (chunk) => (read += chunk.length));
  await once(socket, 'close');
  expect(read).toBeLessThan(whole);
});

test('bodies that are cut or chunked past the limit are refused, and the server lives', async () => {
  const { port, url } = await place.start();
  for (const path of ['/auth/token', '/webhooks/payments']) {
    for (const start of [
      'Content-Length: 900\r\n\r\n{"api',
      'Transfer-Encoding: chunked\r\n\r\n5\r\n{"api\r\n',
    ]) {
      const headers = 'Host: x\r\nContent-Type: application/json\r\nWebhook-Id: 1\r\nWebhook-Signature: v1,x';
      const cut = connect(port, '127.0.0.1');
      cut.write(`POST ${path} HTTP/1.1\r\n${headers}\r\n${start}`);
      // The server must have begun to read before the caller goes away.
      await checkedFetch(`${url}/healthz`);
      cut.resetAndDestroy();
      await once(cut, 'close');
    }
  }
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const answer = await raw(
    port,
    `POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  const small = await raw(
    port,
    'POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n{"api_key":"x"}\r\n0\r\n\r\n',
  );
  expect(small).toMatch(/^HTTP\/1\.1 401 /);
  expect((await checkedFetch(`${url}/healthz`)).status).toBe(200);
  expect(place.faults).toBe('');
});
