// Every place of the side panel in every state: axe finds nothing, in light and dark; nothing moves after the first
// paint, nothing is wider than the panel, the keyboard reaches every step.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findings, shifted } from '../tools/harness/looks.ts';
import { openPanelAt, PLACES } from '../tools/screenshots/panel-stage.ts';
import { PANEL_STATES } from '../tools/screenshots/panel-states.ts';
import { openStage, type Stage } from '../tools/screenshots/stage.ts';

const SIZE = { width: 400, height: 900 };
// The first is a panel of 400 enlarged to 200 %.
const WIDTHS = [200, 320, 400, 560];

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('en-US');
});
afterAll(() => stage?.close());

/** By how much a page is wider than a panel of this width. */
async function overflow(page: Page, width: number): Promise<number> {
  await page.setViewport({ ...SIZE, width });
  return page.evaluate(async () => {
    // Two frames: what watches its own width has drawn again.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return document.documentElement.scrollWidth - document.documentElement.clientWidth;
  });
}

test.each(Object.keys(PANEL_STATES))('side panel: %s', async (name) => {
  const state = PANEL_STATES[name];
  if (!state) throw new Error(name);
  const found: string[] = [];
  for (const place of PLACES) {
    const page = await openPanelAt(stage, state, place, SIZE);
    const shift = await shifted(page);
    if (shift >= 0.01) found.push(`${place}: moved by ${shift}`);
    for (const finding of await findings(page)) found.push(`${place}: ${finding}`);
    for (const width of WIDTHS) {
      const over = await overflow(page, width);
      if (over > 0) found.push(`${place}: ${over} px wider than a panel of ${width}`);
    }
    await page.close();
  }
  expect(found).toEqual([]);
});

test.each(['overview', 'cloud', 'intelligence', 'billing', 'settings', 'terms'])(
  'by keyboard: every step of %s is reached, each with a visible focus',
  async (place) => {
    const state = PANEL_STATES['normal'];
    if (!state) throw new Error('normal');
    const page = await openPanelAt(stage, state, place, SIZE);
    const wanted = await page.evaluate(
      () =>
        [...document.querySelectorAll('main button, main a[href], main input, main select')].filter(
          // Of a table's rows Tab reaches one; arrows walk on from there.
          (each) => each.checkVisibility() && !each.matches('[data-opens][tabindex="-1"]'),
        ).length,
    );
    const walked = new Set<string>();
    for (let step = 0; step < wanted + 20; step += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const own = getComputedStyle(element);
        const frame = getComputedStyle(element.parentElement ?? element);
        // The step of a table's row draws its ring around the row.
        const ringed = getComputedStyle(element, element.matches('[data-opens]') ? '::after' : null);
        const ring =
          (ringed.outlineStyle !== 'none' && ringed.outlineWidth !== '0px') ||
          own.boxShadow.includes('2px') ||
          frame.boxShadow.includes('2px');
        const all = [...document.querySelectorAll('button, a[href], input, select')];
        return {
          key: `${all.indexOf(element)} ${element.textContent.slice(0, 20)}`,
          ring,
          inMain: element.closest('main') !== null,
        };
      });
      if (!at) break;
      expect(at.ring, at.key).toBe(true);
      if (at.inMain) walked.add(at.key);
    }
    // Of a group of radio buttons Tab reaches the chosen one; a list that is drawn near the window grows as it goes.
    expect(walked.size).toBeGreaterThanOrEqual(wanted - 2);
    await page.close();
  },
);

test('the slash leads to the search of a tab, Escape empties it and closes a drawer', async () => {
  const state = PANEL_STATES['normal'];
  if (!state) throw new Error('normal');
  const page = await openPanelAt(stage, state, 'cloud', SIZE);
  await page.keyboard.press('/');
  await page.keyboard.type('whisper');
  await page.waitForFunction(() => document.querySelectorAll('[data-cluster]').length === 1);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelectorAll('[data-cluster]').length > 1);
  await page.evaluate(() => {
    location.hash = '#overview';
  });
  await page.waitForSelector('main[data-tab=overview]');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  // Without waiting for anything, as fingers do.
  await Promise.all('/vllm'.split('').map((key) => page.keyboard.type(key)));
  expect(await page.$eval('dialog[open] input', (field) => field.value)).toBe('vllm');
  await page.waitForFunction(() => document.querySelector('dialog')?.innerText.includes('vllm-prod-eu'));
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));
  expect(await page.evaluate(() => location.hash)).toBe('#overview');
  await page.close();
});
