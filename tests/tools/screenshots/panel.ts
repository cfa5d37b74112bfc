// Pictures of the side panel: every place in every state, at four widths.
import type { Page } from 'puppeteer-core';
import type { Camera } from './camera.ts';
import { openPanelAt, PLACES } from './panel-stage.ts';
import { PANEL_STATES, PANEL_TIMES } from './panel-states.ts';
import { standsStill } from '../harness/looks.ts';
import type { Stage } from './stage.ts';

const WIDTH = 400;
/** At least this high, and up to twice of it when there is more; the settings are longer. */
const HEIGHT = 800;
const MOST = 1_600;
const MOST_SETTINGS = 3_200;

/** Narrow and wide, and enlarged to 200 %: half the width. */
const OTHER_WIDTHS: Record<string, number> = { 'width 320': 320, 'width 560': 560, 'zoom 200': 200 };
const AT_OTHER_WIDTHS = PLACES.filter((place) => !['notifications', 'search', 'terms'].includes(place));
/** Places where a moment shows that is no state of its own. */
const AT_TIMES = ['overview', 'cloud', 'billing', 'billing/withdraw', 'terms'] as const;

export async function takePanel(stage: Stage, camera: Camera, language: string): Promise<void> {
  for (const [states, places] of [
    [PANEL_STATES, PLACES],
    [PANEL_TIMES, AT_TIMES],
  ] as const) {
    for (const [name, state] of Object.entries(states)) {
      for (const place of places) {
        if (!camera.wants(surface(place), name)) continue;
        const page = await openPanelAt(stage, state, place, { width: WIDTH, height: HEIGHT });
        await grow(page, place, WIDTH);
        await camera.take(page, surface(place), name, language);
      }
    }
  }
  const normal = PANEL_STATES['normal'];
  for (const [name, width] of Object.entries(OTHER_WIDTHS)) {
    for (const place of AT_OTHER_WIDTHS) {
      if (!normal || !camera.wants(surface(place), name)) continue;
      const page = await openPanelAt(stage, normal, place, { width, height: HEIGHT });
      await grow(page, place, width);
      await camera.take(page, surface(place), name, language);
    }
  }
  if (!camera.wants('panel', 'first run')) return;
  await stage.show(null);
  await camera.take(
    await stage.open('sidepanel.html', { width: WIDTH, height: HEIGHT }),
    'panel',
    'first run',
    language,
  );
}

/** Makes the window as high as its page, so that one picture shows it all; lists have their limit. */
export async function grow(page: Page, place: string, width: number): Promise<void> {
  const most = place.startsWith('settings') ? MOST_SETTINGS : MOST;
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(Math.max(HEIGHT, whole), most);
  await page.setViewport({ width, height, deviceScaleFactor: 2 });
  await standsStill(page);
}

const surface = (place: string) =>
  `panel ${place
    .replace(/\?.*/, '')
    .replace(/\/(c1|10482)$/, '')
    .replaceAll('/', ' ')}`;
