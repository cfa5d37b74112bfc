// Keys and tokens: a wrong key says so, a revoked one asks to sign in again, and no secret stands where pages could read it.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { fund } from '../tools/harness/api.ts';
import { alertText, freshProfile, launch, part, shows, signIn } from '../tools/harness/extension.ts';
import type { InstalledExtension, Profile } from '../tools/harness/extension.ts';
import { startServerProcess } from '../tools/harness/server.ts';
import type { ServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';
import { tapWire } from '../tools/harness/wire.ts';
import type { Wire } from '../tools/harness/wire.ts';

let server: ServerProcess;
let wire: Wire;
let profile: Profile;
let installed: InstalledExtension;

beforeAll(async () => {
  server = await startServerProcess({ LOG_LEVEL: 'trace' });
});
afterAll(() => server?.dispose());

beforeEach(async () => {
  wire = await tapWire(server.port);
  profile = freshProfile();
  installed = await launch(profile);
});
afterEach(async () => {
  await installed?.close();
  await wire?.dispose();
  profile?.dispose();
});

test.for([
  ['a wrong key', (): string => server.url],
  ['a server that is not there', (): string => 'http://127.0.0.1:9'],
] as const)('%s is named as the trouble, and nothing is connected', async ([, url]) => {
  const page = await signIn(installed, url(), `iog_${'A'.repeat(43)}`);
  const said = await until('an error is read out', () => alertText(page));
  expect(said).not.toMatch(/\[object|undefined|NaN|TypeError/);
  expect(await part(page, 'connection')).not.toContain('Connected');
});

test('no key and no token stands in extension storage', async () => {
  const { api_key: apiKey } = await server.createAccount('Grace');
  const page = await signIn(installed, wire.url, apiKey);
  await shows(page, 'connection', /Connected/);
  await fund(server, apiKey, '12.5');
  const popup = await installed.openPopup();
  await shows(popup, 'balance', '$12.50');

  const stored = await (
    await installed.worker()
  ).evaluate(async () =>
    JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()]),
  );
  expect(stored, 'the snapshot does stand there').toContain('12.5');
  const spoken = wire.transcript();
  const secrets = [
    apiKey,
    ...[...spoken.matchAll(/"(?:access_token|refresh_token)":\s*"([^"]+)"/g)].map(
      ([, secret]) => secret ?? '',
    ),
  ];
  expect(secrets.length, 'the wire carried an access and a refresh token').toBeGreaterThanOrEqual(3);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20);
    expect(stored).not.toContain(secret);
    expect(server.log(), 'nor in the log').not.toContain(secret);
  }
});

test('a revoked key asks to sign in again, and keeps the last number with its time', async () => {
  const account = await server.createAccount('Linus');
  const options = await signIn(installed, server.url, account.api_key);
  await shows(options, 'connection', /Connected/);
  await fund(server, account.api_key, '5');
  const popup = await installed.openPopup();
  await shows(popup, 'balance', '$5.00');

  await server.accountTool('revoke', await server.principalOf('Linus'));
  await shows(popup, 'sync', /^Sign in again/);
  expect(await part(popup, 'balance')).toBe('$5.00');
});

test('signing out forgets the account', async () => {
  const account = await server.createAccount('Barbara');
  const options = await signIn(installed, server.url, account.api_key);
  await shows(options, 'connection', /Connected/);
  await fund(server, account.api_key, '5');
  await until('the toolbar shows it', async () => (await installed.badge()).text === '$5');
  await options.click('button[data-part=sign-out]');
  await until('signed out', async () => !(await part(options, 'connection')).includes('Connected'));
  const stored = await (
    await installed.worker()
  ).evaluate(async () =>
    JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()]),
  );
  expect(stored).not.toContain('Barbara');
  expect(stored).not.toContain(account.account_id);
});
