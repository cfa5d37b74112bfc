// The worker sleeps while nobody looks, wakes by its alarm, catches up and sleeps again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fund } from '../tools/harness/api.ts';
import { freshProfile, launch, shows, signIn } from '../tools/harness/extension.ts';
import type { Profile } from '../tools/harness/extension.ts';
import { startServerProcess } from '../tools/harness/server.ts';
import type { Account, ServerProcess } from '../tools/harness/server.ts';
import { launchUnwatched } from '../tools/harness/unwatched.ts';
import type { UnwatchedBrowser } from '../tools/harness/unwatched.ts';
import { until } from '../tools/harness/until.ts';
import { tapWire } from '../tools/harness/wire.ts';
import type { Wire } from '../tools/harness/wire.ts';

let server: ServerProcess;
let wire: Wire;
let profile: Profile;
let account: Account;
let unwatched: UnwatchedBrowser | undefined;

beforeAll(async () => {
  server = await startServerProcess();
  wire = await tapWire(server.port);
  profile = freshProfile();
  account = await server.createAccount('Ada');
});
afterAll(async () => {
  await unwatched?.close();
  await wire?.dispose();
  await server?.dispose();
  profile?.dispose();
});

test('asleep it costs nothing, by its alarm it brings the new balance, which then stands without a server', async () => {
  const installed = await launch(profile);
  const options = await signIn(installed, wire.url, account.api_key);
  await shows(options, 'connection', /Connected/);
  await installed.close();
  await until('the closed browser let go of the server', () => wire.open === 0);

  unwatched = launchUnwatched(profile);
  await until('the extension woke with the browser', () => unwatched?.awake(), 20_000);
  // Chromium ends an idle worker after 30 s; a worker that holds its socket for nobody would never get there.
  await until('the worker fell asleep', () => unwatched?.awake() === false, 75_000);
  expect(wire.open).toBe(0);

  await fund(server, account.api_key, '42');
  const before = wire.total;
  await until('the alarm woke it and it called the server', () => wire.total > before, 75_000);
  await until('it hung up again', () => wire.open === 0, 45_000);
  await unwatched.close();

  await server.kill();
  const again = await launch(profile);
  try {
    const popup = await again.openPopup();
    await shows(popup, 'balance', '$42.00');
    await shows(popup, 'sync', /^Offline, as of/);
  } finally {
    await again.close();
  }
}, 240_000);
