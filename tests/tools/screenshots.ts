// `npm run screenshots`: every page in every state it can be brought to, light and dark, with an index to look at them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { fund } from './harness/api.ts';
import { alertText, freshProfile, launch, shows, signIn } from './harness/extension.ts';
import { startServerProcess } from './harness/server.ts';
import { until } from './harness/until.ts';

const FOLDER = 'artifacts/screenshots';
const SIZES = { popup: { width: 380, height: 600 }, options: { width: 720, height: 640 } };
const SCHEMES = ['light', 'dark'];

const taken: { state: string; files: string[] }[] = [];

/** Takes one state of a page in both themes, at two pixels per unit. */
async function take(page: Page, surface: keyof typeof SIZES, state: string): Promise<void> {
  await page.setViewport({ ...SIZES[surface], deviceScaleFactor: 2 });
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
const installed = await launch(profile);
try {
  const account = await server.createAccount('Ada Lovelace');

  const popup = await installed.openTab('popup.html');
  await take(popup, 'popup', 'signed out');
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
  await shows(popup, 'balance', '$0.00');
  await take(popup, 'popup', 'empty');
  for (const amount of ['100', '24.5', '1250', '8']) await fund(server, account.api_key, amount);
  await shows(popup, 'balance', '$1,382.50');
  await take(popup, 'popup', 'filled');
  await server.kill();
  await shows(popup, 'sync', /^Offline/);
  await take(popup, 'popup', 'offline');
  await server.start();
  await shows(popup, 'sync', /^Updated/);
  await server.accountTool('revoke', await server.principalOf('Ada Lovelace'));
  await shows(popup, 'sync', /^Sign in again/);
  await take(popup, 'popup', 'sign in again');
  await take(connected, 'options', 'sign in again');

  writeFileSync(join(FOLDER, 'index.html'), index());
  process.stdout.write(`${taken.length * SCHEMES.length} pictures: ${FOLDER}/index.html\n`);
} finally {
  await installed.close();
  await server.dispose();
  profile.dispose();
}
