// `npm run screenshots`: every page in every state it can be brought to, light and dark, with an index to look at them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { fund } from './harness/api.ts';
import { alertText, freshProfile, launch, shows, signIn } from './harness/extension.ts';
import { startServerProcess } from './harness/server.ts';
import { until } from './harness/until.ts';

const FOLDER = 'artifacts/screenshots';
const SCHEMES = ['light', 'dark'];

const taken: { state: string; files: string[] }[] = [];

/** Takes one state of a page in both themes; a popup is as large as the browser made it. */
async function take(page: Page, surface: 'popup' | 'options', state: string): Promise<void> {
  if (surface === 'options') {
    // A tab behind another is never painted.
    await page.bringToFront();
    await page.setViewport({ width: 720, height: 860, deviceScaleFactor: 2 });
  }
  const files: string[] = [];
  for (const scheme of SCHEMES) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    const file = `${surface}-${state}-${scheme}.png`.replaceAll(' ', '-');
    await page.screenshot({ path: join(FOLDER, file) });
    files.push(file);
  }
  taken.push({ state: `${surface}: ${state}`, files });
}

/** Opens the real popup, waits until a part says what it should, and takes it. */
async function takePopup(state: string, name: string, expected: string | RegExp): Promise<void> {
  const popup = await installed.openPopup();
  await shows(popup, name, expected);
  await take(popup, 'popup', state);
  await popup.close();
}

function index(): string {
  const rows = taken.map(
    ({ state, files }) =>
      `<section><h2>${state}</h2>${files.map((file) => `<a href="${file}"><img src="${file}" alt="${file}"></a>`).join('')}</section>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>IO Glance, every state</title>
<style>body{font:15px system-ui;margin:24px;background:#808590}h2{font-size:15px;color:#fff}img{width:380px;margin:0 16px 16px 0}</style>
${rows.join('\n')}
`;
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const profile = freshProfile();
const server = await startServerProcess();
const installed = await launch(profile, { flags: ['--screen-info={2400x2000 devicePixelRatio=2}'] });
try {
  const account = await server.createAccount('Ada Lovelace');

  const popup = await installed.openPopup();
  await popup.waitForSelector('button');
  await take(popup, 'popup', 'signed out');
  await popup.close();
  const options = await installed.openTab('options.html');
  await take(options, 'options', 'signed out');
  await options.close();
  const wrong = await signIn(installed, server.url, 'iog_wrong');
  await until('an error is read out', () => alertText(wrong));
  await take(wrong, 'options', 'wrong key');
  await wrong.close();

  const connected = await signIn(installed, server.url, account.api_key);
  await shows(connected, 'connection', /Connected/);
  await take(connected, 'options', 'connected');
  await takePopup('empty', 'balance', '$0.00');
  for (const amount of ['100', '24.5', '1250', '8']) await fund(server, account.api_key, amount);
  await takePopup('filled', 'balance', '$1,382.50');
  await server.kill();
  await takePopup('offline', 'sync', /^Offline/);
  await server.start();
  await takePopup('back', 'sync', /^Updated/);
  await server.accountTool('revoke', await server.principalOf('Ada Lovelace'));
  await takePopup('sign in again', 'sync', /^Sign in again/);
  await take(connected, 'options', 'sign in again');

  writeFileSync(join(FOLDER, 'index.html'), index());
  process.stdout.write(`${taken.length * SCHEMES.length} pictures: ${FOLDER}/index.html\n`);
} finally {
  await installed.close();
  await server.dispose();
  profile.dispose();
}
