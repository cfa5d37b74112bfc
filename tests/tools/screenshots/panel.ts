// Pictures of the side panel: every place in every state, at three widths.
import type { Page } from 'puppeteer-core';
import { openPanelAt, PLACES } from './panel-stage.ts';
import { PANEL_STATES } from './panel-states.ts';
import type { Stage } from './stage.ts';

const HEIGHT = 1_100;
/** Narrow and wide where the layout differs most. */
const OTHER_WIDTHS: [width: number, state: string, place: string][] = [320, 560].flatMap((width) =>
  ['overview', 'cloud/cluster/c1', 'intelligence', 'billing', 'settings'].map(
    (place): [number, string, string] => [width, 'normal', place],
  ),
);

/** @param take writes one picture per theme, and closes the page */
export async function takePanel(
  stage: Stage,
  take: (page: Page, surface: string, state: string) => Promise<void>,
  only?: (state: string, place: string) => boolean,
): Promise<void> {
  for (const [name, state] of Object.entries(PANEL_STATES)) {
    for (const place of PLACES) {
      if (only && !only(name, place)) continue;
      const page = await openPanelAt(stage, state, place, { width: 400, height: HEIGHT });
      await take(page, `panel ${fileName(place)}`, name);
    }
  }
  for (const [width, name, place] of OTHER_WIDTHS) {
    const state = PANEL_STATES[name];
    if (!state || (only && !only(name, place))) continue;
    const page = await openPanelAt(stage, state, place, { width, height: HEIGHT });
    await take(page, `panel ${fileName(place)} ${width}`, name);
  }
}

const fileName = (place: string) =>
  place
    .replace(/\?.*/, '')
    .replace(/\/(c1|10482)$/, '')
    .replaceAll('/', ' ');
