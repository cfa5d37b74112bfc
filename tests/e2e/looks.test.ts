// Every state of popup and settings: axe finds nothing, in light and dark; nothing moves after the first paint; the
// keyboard reaches every step and scrolls what is longer than its window.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findings, shifted } from '../tools/harness/looks.ts';
import { openStage, type Stage } from '../tools/screenshots/stage.ts';
import { STATES } from '../tools/screenshots/states.ts';

const POPUP = { width: 380, height: 600 };
const OPTIONS = { width: 720, height: 900 };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('en-US');
});
afterAll(() => stage?.close());

test.each(Object.keys(STATES))('popup: %s', async (name) => {
  await stage.show(STATES[name] ?? null);
  const page = await stage.open('popup.html', POPUP);
  expect(await shifted(page)).toBeLessThan(0.01);
  expect(await findings(page)).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow, 'nothing is wider than the popup').toBeLessThanOrEqual(0);
  await page.close();
});

test('what does move is seen: the measure itself is measured', async () => {
  await stage.show(STATES['normal'] ?? null);
  const page = await stage.open('popup.html', POPUP);
  await page.evaluate(() =>
    document.body.prepend(Object.assign(document.createElement('hr'), { style: 'height: 200px' })),
  );
  expect(await shifted(page)).toBeGreaterThan(0.01);
  await page.close();
});

test('a popup that is never told of its first paint becomes whole all the same', async () => {
  await stage.show(STATES['normal'] ?? null);
  const page = await stage.open('popup.html', POPUP, (opened) =>
    opened.evaluateOnNewDocument(() => {
      PerformanceObserver.prototype.observe = () => undefined;
    }),
  );
  expect(await page.waitForSelector('text/Last transactions')).not.toBeNull();
  await page.close();
});

test.each([
  ['offline', false],
  ['signed out', true],
  ['grace', true],
])(
  '%s, written while the popup waits for its size: whole in the first frame is %s',
  async (name, isWhole) => {
    await stage.show(STATES['normal'] ?? null);
    const page = await stage.open('popup.html', POPUP, (opened) =>
      opened.evaluateOnNewDocument((snapshot) => {
        const real = requestAnimationFrame;
        // The frame that it waits for never comes: it waits as long as it ever does.
        globalThis.requestAnimationFrame = () => {
          globalThis.requestAnimationFrame = real;
          return 0;
        };
        // Written as soon as the one before was read.
        const area = chrome.storage.session;
        const get = area.get.bind(area);
        Object.assign(area, {
          get: async (key: string) => {
            const stored = await get(key);
            Object.assign(area, { get });
            void area.set({ snapshot });
            return stored;
          },
        });
        new MutationObserver((_, observer) => {
          const first = document.querySelector('main')?.textContent;
          if (first == null) return;
          observer.disconnect();
          Object.assign(globalThis, { first });
        }).observe(document, { childList: true, subtree: true });
      }, STATES[name] ?? null),
    );
    await page.waitForSelector('text/Last transactions');
    const first = await page.evaluate(() => String((globalThis as { first?: string }).first));
    expect(first.includes('Last transactions'), first).toBe(isWhole);
    expect(await shifted(page)).toBeLessThan(0.01);
    await page.close();
  },
);

test('no rule of the popup holds at 25 px alone: there it is measured before it has a size, each time anew', async () => {
  await stage.show(STATES['grace'] ?? null);
  const page = await stage.open('popup.html', POPUP);
  await page.waitForSelector('text/Last transactions');
  const holding = async (width: number) => {
    await page.setViewport({ width, height: 600 });
    return page.evaluate(() =>
      [...document.styleSheets]
        .flatMap(({ cssRules }) => [...cssRules])
        .filter((rule) => rule instanceof CSSMediaRule)
        .map(({ conditionText }) => [conditionText, matchMedia(conditionText).matches]),
    );
  };
  const usual = await holding(380);
  expect(usual.length).toBeGreaterThan(0);
  expect(await holding(25)).toEqual(usual);
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
