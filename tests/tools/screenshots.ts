// `npm run screenshots`: every page in every state, light and dark, English and German, with an index to look at them.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { alertText } from './harness/extension.ts';
import { until } from './harness/until.ts';
import { takePanel } from './screenshots/panel.ts';
import { openStage, type Stage } from './screenshots/stage.ts';
import { STATES } from './screenshots/states.ts';

const FOLDER = 'artifacts/screenshots';
const SCHEMES = ['light', 'dark'];
const LANGUAGES = ['en-US', 'de-DE'];
const POPUP = { width: 380, height: 600 };
const OPTIONS = { width: 720, height: 1480 };
/** Of these the settings page looks different. */
const OF_OPTIONS = new Set(['no account', 'normal', 'extreme', 'offline', 'signed out']);

const taken = new Map<string, string[]>();

/** Takes one state of a page in both themes, and closes it. */
async function take(page: Page, surface: string, state: string, language: string): Promise<void> {
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
  await page.close();
}

/** The popup with its split open and scrolled to its end: what the first look does not show. */
async function takeOpened(stage: Stage, language: string): Promise<void> {
  await stage.show(STATES['grace'] ?? null);
  const page = await stage.open('popup.html', POPUP);
  await page.click('summary');
  await take(page, 'popup', 'split open', language);
  const scrolled = await stage.open('popup.html', POPUP);
  await scrolled.evaluate(() => document.querySelector('[role=region]')?.scrollTo(0, 9_999));
  await take(scrolled, 'popup', 'scrolled to its end', language);
}

/** The settings page where something went wrong, and where it asks before it deletes. */
async function takeOptions(stage: Stage, language: string): Promise<void> {
  await stage.show(null);
  const failed = await stage.open('options.html', OPTIONS);
  // Nobody listens there.
  await failed.type('input[name=server]', 'http://127.0.0.1:9');
  await failed.type('input[name=api_key]', 'iog_wrong');
  await failed.click('button[type=submit]');
  await until('an error is read out', () => alertText(failed));
  await take(failed, 'options', 'error', language);
  await stage.show(STATES['normal'] ?? null);
  const asking = await stage.open('options.html', OPTIONS);
  await asking.click('[data-part=wipe-button]');
  await asking.waitForSelector('dialog[open]');
  await take(asking, 'options', 'asked before a wipe', language);
}

async function takeAll(language: string): Promise<void> {
  const stage = await openStage(language);
  try {
    for (const [state, snapshot] of Object.entries(STATES)) {
      await stage.show(snapshot);
      await take(await stage.open('popup.html', POPUP), 'popup', state, language);
      if (OF_OPTIONS.has(state))
        await take(await stage.open('options.html', OPTIONS), 'options', state, language);
    }
    await takeOpened(stage, language);
    await takeOptions(stage, language);
    await takePanel(stage, (page, surface, state) => take(page, surface, state, language));
  } finally {
    await stage.close();
  }
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
