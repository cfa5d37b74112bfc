// A real io.net account, connected in Settings as a person does it: its clusters come, its key never does.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployment, type StandIn, startStandIn } from '../../sync-server/sources/ionet/stand-in.ts';
import {
  freshProfile,
  type InstalledExtension,
  launch,
  part,
  type Profile,
  shows,
  signIn,
} from '../tools/harness/extension.ts';
import { type ServerProcess, startServerProcess } from '../tools/harness/server.ts';

const KEY = 'io-key-0123456789';

let ionet: StandIn;
let server: ServerProcess;
let profile: Profile;
let installed: InstalledExtension;

beforeEach(async () => {
  ionet = await startStandIn();
  server = await startServerProcess({ IONET_API_URL: ionet.url, LOG_LEVEL: 'trace' });
  profile = freshProfile();
  installed = await launch(profile);
});
afterEach(async () => {
  await installed.close();
  profile.dispose();
  await server.dispose();
  await ionet.stop();
});

test('connect, see it live, disconnect', async () => {
  ionet.caas = [deployment('c1', { name: 'my real cluster' })];
  const { api_key } = await server.createAccount('Ada Lovelace');
  const options = await signIn(installed, server.url, api_key);
  await shows(options, 'connection', /Connected/);

  const panel = await installed.openTab('sidepanel.html#settings/ionet');
  await shows(panel, 'ionet', /API key of io\.net/);
  await panel.type('input[name=ionet_key]', KEY);
  await panel.click('[data-part=connect-ionet]');
  await shows(panel, 'ionet', /Connected.*not available from io\.net.*\$1\.25 of \$10\.00 used/);
  expect(await panel.$eval('input[name=ionet_key]', (input) => input.value)).toBe('');

  const cloud = await installed.openTab('sidepanel.html#cloud');
  await cloud.waitForFunction(() => document.body.textContent?.includes('my real cluster') ?? false);

  // Io.net takes the key back: that is said, with the numbers' age.
  ionet.keys.clear();
  await panel.bringToFront();
  await panel.type('input[name=ionet_key]', KEY);
  await panel.click('[data-part=connect-ionet]');
  await shows(panel, 'ionet', /Key refused/);

  await panel.click('[data-part=disconnect-ionet]');
  await panel.waitForSelector('[data-part=ionet-dialog]');
  await panel.evaluate(() =>
    [...document.querySelectorAll<HTMLButtonElement>('[data-part=ionet-dialog] button')]
      .find((button) => button.textContent?.trim() === 'Disconnect')
      ?.click(),
  );
  await shows(panel, 'ionet', /^io\.net account ?Shows the clusters/);
  expect(await part(panel, 'ionet')).not.toContain('Connected');

  const kept = await panel.evaluate(async () =>
    JSON.stringify([await chrome.storage.local.get(), await chrome.storage.session.get()]),
  );
  expect(kept).not.toContain(KEY);
  expect(server.log()).not.toContain(KEY);
});
