import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { checkedFetch } from './api/contract.ts';
import { openPlace, program, raw, type TestPlace } from './test-place.ts';

// Whole processes start here, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let place: TestPlace;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

test('a server starts, answers, stops within its time, and starts again on its data', async () => {
  const first = await place.start();
  expect((await checkedFetch(`${first.url}/readyz`)).status).toBe(200);
  const { apiKey } = await first.identity.principals.create({ name: 'Fin', scope: 'finance' });
  const began = performance.now();
  await first.stop();
  expect(performance.now() - began).toBeLessThan(5000);
  await expect(fetch(`${first.url}/readyz`)).rejects.toThrow('fetch failed');
  const second = await place.start();
  expect(await second.identity.verify(apiKey)).toMatchObject({ scope: 'finance' });
});

test('metrics are for this machine, and for no web page that leads here under a name of its own', async () => {
  const { port } = await place.start();
  const ask = (host: string) =>
    raw(port, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (const host of [`127.0.0.1:${port}`, 'localhost', '[::1]:80'])
    expect(await ask(host)).toMatch(/^HTTP\/1\.1 200 /);
  for (const host of ['evil.example', `127.0.0.1.evil.example:${port}`, 'localhost.evil'])
    expect(await ask(host)).toMatch(/^HTTP\/1\.1 404 /);
});

test('a taken port is one clear line and exit code 1, and the data is not touched', async () => {
  const { port } = await place.start();
  const other = await mkdtemp(join(tmpdir(), 'glance-server-'));
  const { code, err } = await program(
    'sync-server/main.ts',
    [],
    place.environment({ PORT: String(port), DATA_DIR: other }),
  );
  expect(code).toBe(1);
  expect(err).toBe(
    `Port ${port} on 127.0.0.1 is taken. Set another PORT, or stop the server that holds it.\n`,
  );
  expect(() => statSync(join(other, 'glance.sqlite'))).toThrow('ENOENT');
  await rm(other, { recursive: true });
});

test('a second server on the same data says so in one line, exit code 1', async () => {
  await place.start();
  const { code, err, out } = await program('sync-server/main.ts', [], place.environment());
  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(err).toContain('glance.sqlite');
});

test('an address or a folder that cannot be ours is one clear line and exit code 1', async () => {
  const file = join(place.dataDir, 'file');
  await writeFile(file, '');
  for (const [env, reason] of [
    [{ HOST: '192.0.2.1' }, 'cannot listen on 192.0.2.1'],
    [{ DATA_DIR: file }, 'DATA_DIR'],
  ] as const) {
    const { code, err, out } = await program('sync-server/main.ts', [], place.environment(env));
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain(reason);
  }
});

test('missing secrets stop the start', async () => {
  const { code, err } = await program('sync-server/main.ts', [], { DATA_DIR: place.dataDir });
  expect(code).toBe(1);
  expect(err).toContain('PAYMENT_WEBHOOK_SECRET is missing');
  expect(err).toContain('SECRETS_KEY is missing');
});

test('another SECRETS_KEY than the data was sealed with stops the start', async () => {
  await (await place.start()).stop();
  const other = Buffer.from('fedcba9876543210fedcba9876543210').toString('base64');
  const { code, err } = await program('sync-server/main.ts', [], place.environment({ SECRETS_KEY: other }));
  expect(code).toBe(1);
  expect(err).toBe(
    'A stored secret does not open with this SECRETS_KEY. Start with the key it was sealed with.\n',
  );
});

test('the process says when it is ready and leaves at SIGTERM with code 0', async () => {
  const child = spawn(process.execPath, ['sync-server/main.ts'], {
    env: { PATH: process.env.PATH, ...place.environment() },
  });
  const [line]: unknown[] = await once(child.stdout, 'data');
  expect(String(line)).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
  expect(statSync(join(place.dataDir, 'glance.sqlite')).mode & 0o777).toBe(0o600);
});
