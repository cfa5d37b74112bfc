// Another card fee than the usual one is known before anything is sent.
import { afterAll, expect, test } from 'vitest';
import {
  freshProfile,
  type InstalledExtension,
  launch,
  type Profile,
  shows,
  signIn,
} from '../tools/harness/extension.ts';
import { goTo, openSidePanel, press, sees, write } from '../tools/harness/panel.ts';
import { type ServerProcess, startServerProcess } from '../tools/harness/server.ts';

let server: ServerProcess | undefined;
let installed: InstalledExtension | undefined;
let profile: Profile | undefined;
afterAll(async () => {
  await installed?.close();
  profile?.dispose();
  await server?.dispose();
});

test('with a fee of 4.5% the form says what the purchase will cost', async () => {
  server = await startServerProcess({ FIAT_FEE_BPS: '450' });
  const account = await server.createAccount('Ada Lovelace');
  profile = freshProfile();
  installed = await launch(profile);
  const page = await signIn(installed, server.url, account.api_key);
  await shows(page, 'connection', /Connected/);
  const panel = await openSidePanel(installed);
  await goTo(panel, '#billing/purchase');
  await press(panel, 'input[value=card]');
  await write(panel, 'amount', '50');
  await sees(panel, 'form[data-part=purchase-form]', /4\.5% payment provider fee.*You pay \$52\.25/);
  await press(panel, '[data-part=pay]');
  const started = await sees(panel, '[data-part=purchase-started]', /\$52\.25 to pay/);
  expect(started).not.toMatch(/not the/);
});
