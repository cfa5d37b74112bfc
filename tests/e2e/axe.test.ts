// axe finds nothing on any page, light and dark, empty, filled, offline and with an error.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { fund } from '../tools/harness/api.ts';
import { alertText, freshProfile, launch, shows, signIn } from '../tools/harness/extension.ts';
import type { InstalledExtension, Profile } from '../tools/harness/extension.ts';
import { startServerProcess } from '../tools/harness/server.ts';
import type { Account, ServerProcess } from '../tools/harness/server.ts';
import { until } from '../tools/harness/until.ts';

// The extension's policy refuses script tags from elsewhere; evaluating the text is the debugger's right.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const Results = z.object({
  passes: z.array(z.unknown()),
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

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

async function findings(page: Page, state: string): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(AXE);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    const results = Results.parse(await page.evaluate('axe.run()'));
    expect(results.passes.length, 'axe really looked').toBeGreaterThan(5);
    for (const violation of results.violations) {
      for (const node of violation.nodes) found.push(`${state} ${scheme}: ${violation.id} at ${node.html}`);
    }
  }
  return found;
}

test('every state of popup and options passes', async () => {
  const all: string[] = [];
  const stranger = await installed.openTab('popup.html');
  await stranger.waitForSelector('main h1');
  all.push(...(await findings(stranger, 'popup signed out')));
  await stranger.close();

  const wrong = await signIn(installed, server.url, 'iog_wrong');
  await until('an error is read out', () => alertText(wrong));
  all.push(...(await findings(wrong, 'options with an error')));
  await wrong.close();

  const options = await signIn(installed, server.url, account.api_key);
  await shows(options, 'connection', /Connected/);
  all.push(...(await findings(options, 'options connected')));

  const popup = await installed.openPopup();
  await shows(popup, 'balance', '$0.00');
  all.push(...(await findings(popup, 'popup empty')));
  await fund(server, account.api_key, '1234.56');
  await shows(popup, 'balance', '$1,234.56');
  all.push(...(await findings(popup, 'popup filled')));
  await server.kill();
  await shows(popup, 'sync', /^Offline/);
  all.push(...(await findings(popup, 'popup offline')));
  expect(all).toEqual([]);
});
