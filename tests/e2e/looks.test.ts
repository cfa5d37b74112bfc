// Every state of popup and settings: axe finds nothing, in light and dark; nothing moves after the first paint; the
// keyboard reaches every step and scrolls what is longer than its window.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { openStage, type Stage } from '../tools/screenshots/stage.ts';
import { STATES } from '../tools/screenshots/states.ts';

// The extension's policy refuses script tags from elsewhere; evaluating the text is the debugger's right.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const POPUP = { width: 380, height: 600 };
const OPTIONS = { width: 720, height: 900 };

const Results = z.object({
  passes: z.array(z.unknown()),
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('en-US');
});
afterAll(() => stage?.close());

async function findings(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(AXE);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    const results = Results.parse(await page.evaluate('axe.run()'));
    expect(results.passes.length, 'axe really looked').toBeGreaterThan(5);
    for (const { id, nodes } of results.violations)
      for (const { html } of nodes) found.push(`${scheme}: ${id} at ${html}`);
  }
  return found;
}

/** What moved without being asked to, as the browser counts it. */
function shifted(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value; // a layout shift
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 300);
      }),
  );
}

test.each(Object.keys(STATES))('popup: %s', async (name) => {
  await stage.show(STATES[name] ?? null);
  const page = await stage.open('popup.html', POPUP);
  expect(await shifted(page)).toBeLessThan(0.01);
  expect(await findings(page)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, 'nothing is wider than the popup').toBeLessThanOrEqual(0);
  await page.close();
});

test.each(['no account', 'normal', 'offline', 'signed out'])('settings: %s', async (name) => {
  await stage.show(STATES[name] ?? null);
  const page = await stage.open('options.html', OPTIONS);
  expect(await shifted(page)).toBeLessThan(0.01);
  expect(await findings(page)).toEqual([]);
  if (name === 'normal') {
    await page.click('[data-part=wipe-button]');
    await page.waitForSelector('dialog[open]');
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.$('dialog[open]')).toBeNull();
    const focus = await page.evaluate(() => document.activeElement?.getAttribute('data-part'));
    expect(focus, 'the focus is back where it was').toBe('wipe-button');
  }
  await page.close();
});

test('by keyboard every step of the popup is reached in the order it is seen, with a visible focus', async () => {
  await stage.show(STATES['grace'] ?? null);
  const page = await stage.open('popup.html', POPUP);
  const walked: string[] = [];
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
      return {
        name: name.trim().replaceAll(/\s+/g, ' ').slice(0, 24),
        visible: outlineStyle !== 'none' && outlineWidth !== '0px',
      };
    });
    if (!at) break;
    expect(at.visible, at.name).toBe(true);
    walked.push(at.name);
  }
  expect(walked.slice(0, 7)).toEqual([
    'Settings of Mara Lindqvi',
    'Notification Center, 1 u',
    'Open side panel',
    'IO Glance',
    'Top up',
    'End a cluster',
    '$3.20 of the $10.00 allo',
  ]);
  expect(walked.slice(-2)).toEqual(['Purchase IO Credits', 'Deploy Cluster']);
  await page.close();
});

test('at 200% nothing is lost: what does not fit is scrolled to', async () => {
  await stage.show(STATES['extreme'] ?? null);
  const page = await stage.open('popup.html', { width: 380, height: 300 });
  const last = await page.evaluate(() => {
    const buttons = [...document.querySelectorAll('button')];
    buttons.at(-1)?.scrollIntoView();
    const box = buttons.at(-1)?.getBoundingClientRect();
    return box ? box.bottom <= innerHeight && box.top >= 0 : false;
  });
  expect(last).toBe(true);
  await page.close();
});
