import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { adminSocketPath } from './api/admin.ts';
import { readConfig } from './config.ts';
import { createLog } from './log.ts';
import { type RunningServer, type ServerOptions, startServer } from './server.ts';
import { checkedFetch } from './api/contract.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef').toString('base64');
const SECRETS = { PAYMENT_WEBHOOK_SECRET: `whsec_${KEY}`, SECRETS_KEY: KEY };
/** What the servers of one test logged as a fault. */
let faults = '';
const log = createLog('error', { write: (line) => void (faults += line) });

// Whole processes start here, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let dataDir: string;
let running: RunningServer[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'glance-server-'));
  running = [];
  faults = '';
});
afterEach(async () => {
  for (const server of running) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

function environment(env: Record<string, string> = {}): Record<string, string> {
  return { ...SECRETS, DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'error', ...env };
}

async function start(
  env: Record<string, string> = {},
  more: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  const server = await startServer({ ...more, config: readConfig(environment(env)), log });
  running.push(server);
  return server;
}

/** Sends bytes as they are, answers what came back until the server closed. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.write(bytes);
  await once(socket, 'close');
  return text;
}

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

/** Runs one of our programs; answers its exit code and what it said. */
async function program(file: string, args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [file, ...args], { env: { PATH: process.env.PATH, ...env } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code: unknown = (await once(child, 'close'))[0];
  return { code, out, err };
}

test('a server starts, answers, stops within its time, and starts again on its data', async () => {
  const first = await start();
  expect((await checkedFetch(`${first.url}/readyz`)).status).toBe(200);
  const { apiKey } = await first.identity.principals.create({ name: 'Fin', scope: 'finance' });
  const began = performance.now();
  await first.stop();
  expect(performance.now() - began).toBeLessThan(5000);
  await expect(fetch(`${first.url}/readyz`)).rejects.toThrow('fetch failed');
  const second = await start();
  expect(await second.identity.verify(apiKey)).toMatchObject({ scope: 'finance' });
});

test('what is not HTTP, or no request that anyone could answer, gets a problem document', async () => {
  const { port, url } = await start();
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
  const { port } = await start();
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk';
  const answer = await raw(port, `GET /healthz HTTP/1.0\r\nHost: x\r\n${offer}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
});

test('who was refused and never closes keeps neither a socket nor a stop waiting', async () => {
  const server = await start();
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

test('metrics are for this machine, and for no web page that leads here under a name of its own', async () => {
  const { port } = await start();
  const ask = (host: string) =>
    raw(port, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (const host of [`127.0.0.1:${port}`, 'localhost', '[::1]:80'])
    expect(await ask(host)).toMatch(/^HTTP\/1\.1 200 /);
  for (const host of ['evil.example', `127.0.0.1.evil.example:${port}`, 'localhost.evil'])
    expect(await ask(host)).toMatch(/^HTTP\/1\.1 404 /);
});

test('who asks for much and reads nothing is cut off', async () => {
  const { port, url } = await start({}, { stillAtMost: 300 });
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
  const { port, url } = await start();
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
  expect(faults).toBe('');
});

test('a taken port is one clear line and exit code 1, and the data is not touched', async () => {
  const { port } = await start();
  const other = await mkdtemp(join(tmpdir(), 'glance-server-'));
  const { code, err } = await program(
    'sync-server/main.ts',
    [],
    environment({ PORT: String(port), DATA_DIR: other }),
  );
  expect(code).toBe(1);
  expect(err).toBe(
    `Port ${port} on 127.0.0.1 is taken. Set another PORT, or stop the server that holds it.\n`,
  );
  expect(() => statSync(join(other, 'glance.sqlite'))).toThrow('ENOENT');
  await rm(other, { recursive: true });
});

test('a second server on the same data says so in one line, exit code 1', async () => {
  await start();
  const { code, err, out } = await program('sync-server/main.ts', [], environment());
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toContain('glance.sqlite');
});

test('an address or a folder that cannot be ours is one clear line and exit code 1', async () => {
  const file = join(dataDir, 'file');
  await writeFile(file, '');
  for (const [env, reason] of [
    [{ HOST: '192.0.2.1' }, 'cannot listen on 192.0.2.1'],
    [{ DATA_DIR: file }, 'DATA_DIR'],
  ] as const) {
    const { code, err, out } = await program('sync-server/main.ts', [], environment(env));
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain(reason);
  }
});

test('missing secrets stop the start', async () => {
  const { code, err } = await program('sync-server/main.ts', [], { DATA_DIR: dataDir });
  expect(code).toBe(1);
  expect(err).toContain('PAYMENT_WEBHOOK_SECRET is missing');
  expect(err).toContain('SECRETS_KEY is missing');
});

test('another SECRETS_KEY than the data was sealed with stops the start', async () => {
  await (await start()).stop();
  const other = Buffer.from('fedcba9876543210fedcba9876543210').toString('base64');
  const { code, err } = await program('sync-server/main.ts', [], environment({ SECRETS_KEY: other }));
  expect(code).toBe(1);
  expect(err).toBe(
    'A stored secret does not open with this SECRETS_KEY. Start with the key it was sealed with.\n',
  );
});

test('the process says when it is ready and leaves at SIGTERM with code 0', async () => {
  const child = spawn(process.execPath, ['sync-server/main.ts'], {
    env: { PATH: process.env.PATH, ...environment() },
  });
  const [line]: unknown[] = await once(child.stdout, 'data');
  expect(String(line)).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
  expect(statSync(join(dataDir, 'glance.sqlite')).mode & 0o777).toBe(0o600);
});

test('accounts are managed beside a running server, by its owner only', async () => {
  const { identity, url } = await start();
  expect(statSync(adminSocketPath(dataDir)).mode & 0o777).toBe(0o600);
  const env = environment();
  const made = await program('sync-server/account.ts', ['create', '--name', 'Ann', '--json'], env);
  expect(made).toMatchObject({ code: 0, err: '' });
  const { account_id, api_key, ...rest } = JSON.parse(made.out);
  expect(rest).toEqual({});
  expect(made.out.trim().split('\n')).toHaveLength(1);
  const caller = await identity.verify(api_key);
  expect(caller).toMatchObject({ account: account_id, scope: 'account' });
  const credits = await checkedFetch(`${url}/credits`, { headers: { authorization: `Bearer ${api_key}` } });
  expect(await credits.json()).toMatchObject({ balance: '0', state: 'active' });

  const rotated = await program('sync-server/account.ts', ['rotate', caller.principal, '--json'], env);
  await expect(identity.verify(api_key)).rejects.toMatchObject({ problem: { code: 'unauthenticated' } });
  const renewed = JSON.parse(rotated.out).api_key;
  await identity.verify(renewed);
  expect((await program('sync-server/account.ts', ['revoke', caller.principal], env)).code).toBe(0);
  await expect(identity.verify(renewed)).rejects.toMatchObject({ problem: { code: 'unauthenticated' } });
  const unknown = await program('sync-server/account.ts', ['revoke', 'nobody'], env);
  expect(unknown).toMatchObject({ code: 1, err: 'There is no such principal.\n' });
  const audit = (await program('sync-server/account.ts', ['audit', '--limit', '3'], env)).out
    .trim()
    .split('\n');
  expect(audit.map((line) => line.replace(/^\S+ +/, ''))).toEqual([
    '404  admin    local  DELETE /principals/nobody',
    `204  admin    local  DELETE /principals/${caller.principal}`,
    `200  admin    local  POST /principals/${caller.principal}/rotate`,
  ]);
});

test('accounts are managed without a server, and it knows them when it starts', async () => {
  const env = environment();
  const args = ['create', '--name', 'Ray', '--scope', 'service', '--service', 'vm,ray', '--json'];
  const made = await program('sync-server/account.ts', args, env);
  expect(made).toMatchObject({ code: 0, err: '' });
  const listed = await program('sync-server/account.ts', ['list'], env);
  expect(listed.out).toContain('service  Ray [vm, ray]');
  const { account_id, api_key } = JSON.parse(made.out);
  expect(account_id).toBeNull();
  expect(await (await start()).identity.verify(api_key)).toMatchObject({
    scope: 'service',
    services: ['vm', 'ray'],
  });
});

test('the account tool says what it cannot do', async () => {
  const env = environment();
  const wrong = [
    [['create', '--name', ''], 'The name is missing.'],
    [['create', '--name', 'x', '--scope', 'root'], 'The scope is one of'],
    [['create', '--name', 'x', '--service', 'vm'], 'Services are for the scope service.'],
    [['create', '--name', 'x', '--scope', 'service', '--service', 'gpu'], 'A service is one of'],
    [['create', '--name', 'a\nb'], 'plain text on one line'],
  ] as const;
  for (const [args, message] of wrong) {
    const { code, err, out } = await program('sync-server/account.ts', [...args], env);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(message);
  }
});
