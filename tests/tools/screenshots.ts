// `npm run screenshots`: every page in every state it can be brought to, light and dark, with an index to look at them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { call, fund } from './harness/api.ts';
import type { Answer } from './harness/api.ts';
import { alertText, freshProfile, launch, shows, signIn } from './harness/extension.ts';
import { startServerProcess } from './harness/server.ts';
import { until } from './harness/until.ts';

const FOLDER = 'artifacts/screenshots';
const SCHEMES = ['light', 'dark'];
const LANGUAGES = ['en-US', 'de-DE'];
// Two pixels per unit, on a screen that leaves a popup all the room it wants.
const SCREEN = '--screen-info={2400x2000 devicePixelRatio=2}';

const taken = new Map<string, string[]>();

/** Takes one state of a page in both themes; a popup is as large as the browser made it. */
async function take(
  page: Page,
  surface: 'popup' | 'options',
  state: string,
  language: string,
): Promise<void> {
  if (surface === 'options') {
    // A tab behind another is never painted.
    await page.bringToFront();
    await page.setViewport({ width: 720, height: 1000, deviceScaleFactor: 2 });
  }
  const title = `${surface}: ${state}`;
  for (const scheme of SCHEMES) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    const file = `${surface}-${state}-${scheme}-${language.slice(0, 2)}.png`.replaceAll(' ', '-');
    await page.screenshot({ path: join(FOLDER, file) });
    taken.set(title, [...(taken.get(title) ?? []), file]);
  }
}

async function takeAll(language: string): Promise<void> {
  const profile = freshProfile();
  const server = await startServerProcess();
  const installed = await launch(profile, { language, flags: [SCREEN] });

  /** Opens the real popup, waits until a part says what it should in either language, and takes it. */
  async function popup(state: string, name: string, expected: RegExp): Promise<void> {
    const page = await installed.openPopup();
    await shows(page, name, expected);
    await take(page, 'popup', state, language);
    await page.close();
  }

  try {
    const { account_id: id, api_key: apiKey } = await server.createAccount('Ada Lovelace');
    const service = await server.createIdentity('service', '--service', 'vm');

    const stranger = await installed.openPopup();
    await stranger.waitForSelector('button');
    await take(stranger, 'popup', 'signed out', language);
    await stranger.close();
    const wrong = await signIn(installed, server.url, 'iog_wrong');
    await until('an error is read out', () => alertText(wrong));
    await take(wrong, 'options', 'wrong key', language);
    await wrong.close();

    const options = await signIn(installed, server.url, apiKey);
    await shows(options, 'connection', /Connected|Verbunden/);
    await take(options, 'options', 'connected', language);
    await popup('empty', 'balance', /0[.,]00/);
    for (const amount of ['100', '24.5', '1250', '8']) await fund(server, apiKey, amount);
    await popup('filled', 'balance', /1[.,]382[.,]50/);
    const hold = { account_id: id, id: 'h1', amount: '12.10', service: 'vm' };
    await expectOk(call(server.url, '/service/holds', service, hold));
    await popup('held', 'balance', /1[.,]382[.,]50/);
    const charge = { account_id: id, id: 'c1', amount: '1373.60', service: 'vm' };
    await expectOk(call(server.url, '/service/charges', service, charge));
    await popup('below zero', 'balance', /-.*8[.,]90|8[.,]90/);
    await server.kill();
    await popup('offline', 'sync', /^Offline/);
    await server.start();
    await popup('back', 'sync', /^(Updated|Stand)/);
    await server.accountTool('revoke', await server.principalOf('Ada Lovelace'));
    await popup('sign in again', 'sync', /^(Sign in again|Neu anmelden)/);
    await take(options, 'options', 'sign in again', language);
  } finally {
    await installed.close();
    await server.dispose();
    profile.dispose();
  }
}

async function expectOk(answer: Promise<Answer>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
}

function index(): string {
  const picture = (file: string) => `<a href="${file}"><img src="${file}" alt="${file}"></a>`;
  const rows = [...taken].map(
    ([title, files]) => `<section><h2>${title}</h2>${files.map(picture).join('')}</section>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>IO Glance, every state</title>
<style>body{font:15px system-ui;margin:24px;background:#808590}h2{font-size:15px;color:#fff}img{width:380px;margin:0 16px 16px 0}</style>
${rows.join('\n')}
`;
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
for (const language of LANGUAGES) await takeAll(language);
writeFileSync(join(FOLDER, 'index.html'), index());
process.stdout.write(`${[...taken.values()].flat().length} pictures: ${FOLDER}/index.html\n`);
