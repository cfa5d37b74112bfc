// A page that lies, breaks and spies: no crash, no wrong verdict, and it learns nothing of the balance.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badgeSays, pressBadge, readBadge } from '../checkout/badge.ts';
import { change, type Rig, startRig } from '../checkout/rig.ts';
import { bendEverything, bendLanguage, CLOBBER, FONTS, spy } from '../checkout/spy.ts';
import { call, fund } from '../tools/harness/api.ts';

let rig: Rig;
let service: string;
/** One page for the many ways to hide. */
let shared: Page | undefined;

beforeAll(async () => {
  rig = await startRig();
  service = await rig.server.createIdentity('service', '--service', 'vm');
  await fund(rig.server, rig.account.api_key, '94.30');
});
afterAll(async () => {
  await rig?.dispose();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const TRUE = /^Enough credits \$12\.40 left after this/;

test('polluted prototypes, shadowed members and bent functions change nothing, and are never called', async () => {
  const page = await rig.open('none');
  await page.evaluateOnNewDocument(bendEverything);
  await page.goto(rig.site.address('classic'));
  await page.evaluate(bendLanguage);
  await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), CLOBBER);
  await badgeSays(page, TRUE);
  await pause(300);
  const spied = await page.evaluate(() => (window as unknown as { spied: string[] }).spied.join('\n')); // made by bendEverything
  expect(spied).not.toMatch(/attachShadow|12\.40|94\.30|Enough|popover|aria-label/);
  expect(await readBadge(page)).toMatch(TRUE);
  await page.close();
});

test('a hundred thousand nodes and megabytes of text: right, and the page goes on', async () => {
  const page = await rig.open('classic');
  await page.evaluate(() => {
    const many = document.createElement('div');
    many.innerHTML = '<span>1 USDC</span>'.repeat(100_000);
    const giant = document.createElement('p');
    giant.textContent = 'Total Cost 7 USDC '.repeat(200_000);
    document.body.append(many);
    document.body.append(giant);
  });
  await pause(3_000);
  expect((await readBadge(page)) ?? 'silent').toMatch(/^(Enough credits|silent)/);
  expect(await page.evaluate(() => 1 + 1)).toBe(2);
  await page.evaluate(() => {
    document.body.lastElementChild?.remove();
    document.body.lastElementChild?.remove();
  });
  await badgeSays(page, TRUE);
  await page.close();
});

const HIDING = [
  'display:none',
  'visibility:hidden',
  'opacity:0',
  'opacity:.01',
  'position:absolute;left:-9999px',
  'position:fixed;top:200vh',
  'font-size:0',
  'font-size:1px',
  'color:transparent',
  'color:#0a0a0b;background:#0a0a0b',
  '-webkit-text-fill-color:transparent',
  'height:0;overflow:hidden',
  'position:absolute;clip:rect(0 0 0 0)',
  'clip-path:inset(100%)',
  'transform:scale(0)',
  'transform:scale(.05)',
  'filter:opacity(0)',
  'mask-image:linear-gradient(transparent,transparent)',
  'text-indent:-9999px;overflow:hidden;white-space:nowrap',
  'content-visibility:hidden',
  'position:relative;z-index:-1',
  'width:1px;overflow:hidden;white-space:nowrap',
];

test.each(HIDING)('a total hidden by %s is none', async (style) => {
  const page = (shared ??= await rig.open('classic'));
  await change(page, {});
  await badgeSays(page, TRUE);
  // Beside the true one: the true one counts, or nothing is said.
  await page.evaluate((css) => {
    const fake = document.createElement('div');
    fake.className = 'line';
    fake.style.cssText = css;
    fake.innerHTML = '<span>Total Cost</span><b>500.00 USDC</b>';
    document.querySelector('.total')?.prepend(fake);
  }, style);
  await pause(450);
  expect((await readBadge(page)) ?? 'silent').toMatch(/^(Enough credits \$12\.40|silent)/);
  // Alone: nothing is said.
  await page.evaluate(() => document.querySelector('.line:has(#total)')?.remove());
  await badgeSays(page, null);
});

test.each([
  ['digits from a style sheet', '#total::before{content:"9"}'],
  ['digits turned around', '#total{direction:rtl;unicode-bidi:bidi-override}'],
  ['struck through', '#total{text-decoration:line-through}'],
  ['mirrored', '#total{transform:scaleX(-1);display:inline-block}'],
  [
    'an overlay with another number',
    '.total{position:relative}.total::after{content:"9 USDC";position:absolute;right:24px;top:20px;background:#000}',
  ],
  ['half cut off', '#total{display:inline-block;width:40px;overflow:hidden;white-space:nowrap}'],
])('a total dressed up is not trusted: %s', async (_name, css) => {
  const page = await rig.open('classic');
  await badgeSays(page, TRUE);
  await page.addStyleTag({ content: css });
  await badgeSays(page, null);
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test.each([
  ['invisible characters in the amount', '<b id="total">8\u200b1.900 USDC</b>'],
  ['an override of direction', '<b id="total">\u202e009.18 USDC</b>'],
  ['digits of another script', '<b id="total">\uff18\uff11.900 USDC</b>'],
  [
    'digits in another order on the screen',
    '<b id="total" style="display:flex;flex-direction:row-reverse"><i>9</i><i>1</i><i>8</i><i>&nbsp;USDC</i></b>',
  ],
  [
    'two amounts over each other',
    '<b id="total" style="position:relative">81.900 USDC<i style="position:absolute;right:0">5.0 USDC</i></b>',
  ],
])('silent: %s', async (_name, html) => {
  const page = await rig.open('classic');
  await badgeSays(page, TRUE);
  await page.evaluate((value) => {
    const total = document.querySelector('#total');
    if (total) total.outerHTML = value;
  }, html);
  await badgeSays(page, null);
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test('whatever the badge says, a page sees the same: nothing to find, select, copy, measure or load', async () => {
  const words = [
    'Enough',
    'short',
    'credits $',
    '12.40',
    '94.30',
    '7.60',
    '74.30',
    'Top up',
    'IO Glance',
    'as of',
    'Side panel',
  ];
  const page = await rig.open('classic', { covered: '', remaining: '0' });
  await page.addStyleTag({ content: FONTS });
  await page.evaluate(() => {
    document.designMode = 'on';
    document.designMode = 'off';
  });
  await badgeSays(page, TRUE);
  const asked = rig.site.asked.length;
  const enough = await spy(page, words);
  const hold = { account_id: rig.account.account_id, id: 'spy', amount: '20', service: 'vm' };
  await call(rig.server.url, '/service/holds', service, hold);
  await badgeSays(page, /^\$7\.60 short/);
  const short = await spy(page, words);
  await call(rig.server.url, '/service/holds/spy/void', service, { account_id: rig.account.account_id });
  await badgeSays(page, TRUE);
  expect(enough['found']).toEqual([]);
  expect(enough['selected']).toEqual([]);
  expect(enough['copied']).toEqual([]);
  expect(enough['shadow']).toBe('null');
  expect(enough['html']).toBe('<div popover="manual"></div>');
  expect(short).toEqual(enough);
  // The page's own letters may load its fonts; the badge, drawn anew in between, loads none.
  expect(rig.site.asked.slice(asked).filter((path) => path.includes('font'))).toEqual([]);
  await page.close();
});

test('the page hears of a click that it was on the badge, not on what', async () => {
  const page = await rig.open('classic');
  await badgeSays(page, TRUE);
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const type of ['click', 'pointerdown', 'focusin']) {
      addEventListener(
        type,
        (event) =>
          heard.push(
            event
              .composedPath()
              .map((at) => (at instanceof Element ? at.localName : ''))
              .join('>'),
          ),
        true,
      );
    }
    // Its own clicks do nothing, neither plain ones nor copies of a person's at every place of the badge.
    const host = document.querySelector('[popover]');
    if (!(host instanceof HTMLElement)) throw new Error('No badge.');
    host.click();
    const { left, top, right, bottom } = host.getBoundingClientRect();
    for (let y = top; y < bottom; y += 8) {
      for (let x = left; x < right; x += 8) {
        for (const type of ['pointerdown', 'pointerup', 'click']) {
          const how = { bubbles: true, composed: true, clientX: x, clientY: y, view: window };
          host.dispatchEvent(new PointerEvent(type, how));
        }
      }
    }
    heard.length = 0;
  });
  await pause(300);
  expect(await readBadge(page)).toMatch(TRUE);
  await pressBadge(page, 'hide');
  await badgeSays(page, null);
  const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard); // made above
  expect(new Set(heard)).toEqual(new Set(['div>html>>']));
  await page.close();
});

test('a page that lets nobody write markup into it gets its badge all the same', async () => {
  // In a tab of its own, whose console says what was refused.
  const page = await rig.installed.browser.newPage();
  await page.setViewport({ width: 1_200, height: 900 });
  await page.goto(rig.site.address('classic', { total: 'soon' }));
  await pause(500);
  const written = await page.evaluate(() => {
    const policy = document.createElement('meta');
    policy.httpEquiv = 'Content-Security-Policy';
    policy.content = "require-trusted-types-for 'script'; style-src 'none'";
    document.head.append(policy);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text.nodeValue === 'soon') text.nodeValue = '81.900 USDC';
    }
    try {
      document.createElement('div').innerHTML = '<b></b>';
      return true;
    } catch {
      return false;
    }
  });
  expect(written).toBe(false);
  await badgeSays(page, TRUE);
  await page.close();
});

test('a page that takes the badge away again and again is left alone', async () => {
  const page = await rig.open('classic');
  await badgeSays(page, TRUE);
  await page.evaluate(() => setInterval(() => document.querySelector('[popover]')?.remove(), 20));
  await pause(3_000);
  expect(await readBadge(page)).toBeNull();
  expect(await page.evaluate(() => 1 + 1)).toBe(2);
  await page.close();
});

test('the console of every page stayed clean', () => {
  expect(rig.complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
