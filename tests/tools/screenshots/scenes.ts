// Pictures of the side panel after a person did something: what asks, what is wrong, what is open over a tab.
import type { Page } from 'puppeteer-core';
import { standsStill } from '../harness/looks.ts';
import type { Camera } from './camera.ts';
import { grow } from './panel.ts';
import { CHARTS } from './panel-charts.ts';
import { openPanelAt } from './panel-stage.ts';
import { PANEL_STATES, PANEL_TIMES, type PanelState } from './panel-states.ts';
import type { Stage } from './stage.ts';

interface Scene {
  place: string;
  state?: string;
  act: (page: Page) => Promise<unknown>;
}

const click = (part: string) => (page: Page) => page.click(`[data-part=${part}]`);
const type = (field: string, text: string) => async (page: Page) => {
  await page.locator(`input[name=${field}]`).fill(text);
};
/** By keyboard alone: Tab until the step has the focus, so that its ring is in the picture. */
const focus = (part: string) => async (page: Page) => {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((name) => document.activeElement?.matches(`[data-part=${name}]`), part)) return;
  }
  throw new Error(`Tab does not reach ${part}.`);
};
/** Presses a period of the spend chart. */
const period = (name: 'day' | 'week' | 'month') => (page: Page) =>
  page.click(
    `[data-part=spend] button[aria-pressed]:nth-child(${['day', 'week', 'month'].indexOf(name) + 1})`,
  );
/** As far as a person scrolls: what stays at the top stays. */
const scrolled = async (page: Page) => {
  await page.setViewport({ width: 400, height: 800, deviceScaleFactor: 2 });
  await page.evaluate(() => window.scrollTo(0, 900));
};
const inSearch = (text: string) => async (page: Page) => {
  await page.waitForSelector('dialog input[type=search]');
  await page.type('dialog input[type=search]', text);
};
/** Colours of the system's own choosing; none of them ours. */
const forced = async (page: Page) => {
  const devtools = await page.createCDPSession();
  await devtools.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'forced-colors', value: 'active' }],
  });
};

/** Under the name of what is seen. */
const SCENES: Record<string, Scene> = {
  'more tabs': { place: 'overview', act: click('more-tabs') },
  'focus by keyboard': { place: 'overview', act: focus('purchase') },
  'cluster ends': { place: 'cloud/cluster/c1', act: click('end') },
  'cluster extends': { place: 'cloud/cluster/c1', act: click('extend') },
  'cluster extends too long': {
    place: 'cloud/cluster/c1',
    act: async (page) => {
      await click('extend')(page);
      await type('hours', '900')(page);
    },
  },
  'no cluster matches': {
    place: 'cloud',
    act: (page) => page.type('main input[type=search]', 'nothing like it'),
  },
  'plan changes': { place: 'intelligence', act: click('choose') },
  'no transaction matches': {
    place: 'billing',
    act: (page) => page.type('main input[type=search]', 'nothing like it'),
  },
  'spent in a month': {
    place: 'billing',
    act: period('month'),
  },
  'spent in a day': { place: 'billing', act: period('day') },
  'spent by an offline month': { place: 'billing', state: 'offline', act: period('month') },
  ...Object.fromEntries(
    Object.keys(CHARTS).map((state): [string, Scene] => [
      `spent, ${state}`,
      { place: 'billing', state, act: async () => {} },
    ]),
  ),
  'one day in a month': { place: 'billing', state: 'one day', act: period('month') },
  'one spike in a month': { place: 'billing', state: 'spike', act: period('month') },
  'refunds in a month': { place: 'billing', state: 'refunds', act: period('month') },
  'filters set': {
    place: 'billing',
    act: async (page) => {
      await page.select('select[name=date]', 'custom');
      await page.select('select[name=type]', 'spent');
      await page.locator('input[name=from]').fill('2026-11-20');
    },
  },
  'clusters in six columns': {
    place: 'cloud',
    act: (page) => page.setViewport({ width: 720, height: 800, deviceScaleFactor: 2 }),
  },
  'clusters scrolled': { place: 'cloud', state: 'extreme', act: scrolled },
  'transactions scrolled': { place: 'billing', act: scrolled },
  'a row by keyboard': {
    place: 'billing',
    act: async (page) => {
      await page.focus('[data-part=transactions] [data-opens][tabindex="0"]');
      for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
    },
  },
  'clusters filtered': { place: 'cloud', act: (page) => page.select('select[name=status]', 'ended') },
  'withdrawal is cancelled': { place: 'billing', act: click('cancel-withdrawal') },
  'purchase too small': { place: 'billing/purchase', act: type('amount', '0.5') },
  'purchase too large': { place: 'billing/purchase', act: type('amount', '5000000') },
  'purchase with no amount': { place: 'billing/purchase', act: async () => {} },
  'purchase by card': { place: 'billing/purchase?amount=25&method=card', act: async () => {} },
  'withdrawal filled in': { place: 'billing/withdraw', act: click('all') },
  'withdrawal too large': { place: 'billing/withdraw', act: type('amount', '500') },
  'withdrawal to nowhere': {
    place: 'billing/withdraw',
    act: async (page) => {
      await page.select('select[name=wallet]', 'other');
      await type('address', 'nowhere')(page);
    },
  },
  'entry proved': { place: 'billing/entry/10482', act: click('prove') },
  'entry not proved': { place: 'billing/entry/10482', state: 'bent', act: click('prove') },
  'entry without its proof': { place: 'billing/entry/10482', state: 'offline', act: click('prove') },
  'wallet is none': { place: 'settings', act: type('wallet_address', 'not a wallet') },
  'wallet goes': { place: 'settings', act: click('remove-wallet') },
  'device goes': { place: 'settings', act: click('revoke') },
  'name is empty': {
    place: 'settings',
    act: async (page) => {
      await page.click('input[name=full_name]', { count: 3 });
      await page.keyboard.press('Backspace');
    },
  },
  'name changes': { place: 'settings', act: (page) => page.type('input[name=full_name]', ' Ek') },
  'terms accepted': { place: 'terms', state: 'terms', act: click('accept') },
  'search finds': { place: 'search', act: inSearch('vllm') },
  'search finds a setting': { place: 'search', act: inSearch('wallet') },
  'search finds nothing': { place: 'search', act: inSearch('zebra') },
  'forced colors': { place: 'overview', act: forced },
  'forced colors in io.cloud': { place: 'cloud/cluster/c1', act: forced },
  'forced colors in billing': { place: 'billing', act: forced },
  'forced colors in settings': { place: 'settings', act: forced },
  'forced colors in a purchase': { place: 'billing/purchase?amount=25', act: forced },
};

export async function takeScenes(stage: Stage, camera: Camera, language: string): Promise<void> {
  for (const [name, { place, state = 'normal', act }] of Object.entries(SCENES)) {
    if (!camera.wants('panel scene', name)) continue;
    const page = await openPanelAt(stage, stateOf(state), place, { width: 400, height: 800 });
    await grow(page, place, 400);
    await act(page);
    await standsStill(page);
    await camera.take(page, 'panel scene', name, language);
  }
}

function stateOf(name: string): PanelState {
  const state = PANEL_STATES[name] ?? PANEL_TIMES[name] ?? CHARTS[name];
  if (!state) throw new Error(`There is no state "${name}".`);
  return state;
}
