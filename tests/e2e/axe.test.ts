// axe finds nothing on any page, light and dark, empty, filled, offline and with an error.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fund } from '../tools/harness/api.ts';
import { alertText, freshProfile, launch, shows, signIn } from '../tools/harness/extension.ts';
import type { InstalledExtension, Profile } from '../tools/harness/extension.ts';
import { findings } from '../tools/harness/looks.ts';
import { startServerProcess } from '../tools/harness/server.ts';
import type { Account, ServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

let server: ServerProcess;
let account: Account;
let profile: Profile;
let installed: InstalledExtension;

beforeAll(async () => {
  server = await startServerProcess();
  account = await server.createAccount('Ada Lovelace');
  profile = freshProfile();
  installed = await launch(profile);
});
afterAll(async () => {
  await installed?.close();
  await server?.dispose();
  profile?.dispose();
});

async function findingsOf(page: Page, state: string): Promise<string[]> {
  return (await findings(page)).map((finding) => `${state} ${finding}`);
}

test('every state of popup and options passes', async () => {
  const all: string[] = [];
  const stranger = await installed.openTab('popup.html');
  await stranger.waitForSelector('main h1');
  all.push(...(await findingsOf(stranger, 'popup signed out')));
  await stranger.close();

  const wrong = await signIn(installed, server.url, 'iog_wrong');
  await until('an error is read out', () => alertText(wrong));
  all.push(...(await findingsOf(wrong, 'options with an error')));
  await wrong.close();

  const options = await signIn(installed, server.url, account.api_key);
  await shows(options, 'connection', /Connected/);
  all.push(...(await findingsOf(options, 'options connected')));

  const popup = await installed.openPopup();
  await shows(popup, 'balance', '$0.00');
  all.push(...(await findingsOf(popup, 'popup empty')));
  await fund(server, account.api_key, '1234.56');
  await shows(popup, 'balance', '$1,234.56');
  all.push(...(await findingsOf(popup, 'popup filled')));
  await server.kill();
  await shows(popup, 'sync', /^Offline/);
  all.push(...(await findingsOf(popup, 'popup offline')));
  expect(all).toEqual([]);
});
