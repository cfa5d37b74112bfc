// The badge in a real browser: every state and every layout, against the real server, with pictures to look at.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badgeSays, pressBadge, readAnnounced, readBadge } from '../checkout/badge.ts';
import { change, type Rig, startRig } from '../checkout/rig.ts';
import { call, deliver, fund, paid } from '../tools/harness/api.ts';
import { until } from '../tools/harness/until.ts';

const PICTURES = 'artifacts/screenshots/checkout';
const SHORT = {
  total: '102.500 USDC',
  covered: '94.300 USDC',
  remaining: '8.200 USDC',
  cost: '100.244 USDC',
  hours: '75',
};

let rig: Rig;
let service: string;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  rig = await startRig();
  service = await rig.server.createIdentity('service', '--service', 'vm');
});
afterAll(async () => {
  await rig?.dispose();
});

const picture = (page: Page, name: string) => page.screenshot({ path: join(PICTURES, `${name}.png`) });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('no credits: says so, and offers the purchase', async () => {
  const page = await rig.open('classic', {
    credits: '0',
    option: 'USDC',
    covered: '0.000 USDC',
    remaining: '81.900 USDC',
  });
  await badgeSays(
    page,
    /^No IO Credits This needs \$81\.90 By card, 3% fee \$84\.36 In USDC, no fee \$81\.90 Top up \$81\.90/,
  );
  await picture(page, 'none-dark');
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test('after a payment it waits for the ledger, whatever the address says', async () => {
  const page = await rig.open('none', { credits_purchase: 'success', amount: '94.30', currency: 'usdc' });
  await badgeSays(page, /^Waiting for confirmation/);
  await picture(page, 'payment-waiting');
  const started = await call(rig.server.url, '/credits/purchases', rig.account.api_key, {
    amount: '94.30',
    method: 'card',
  });
  await pause(1_500);
  expect(await readBadge(page)).toMatch(/^Waiting for confirmation/);
  const body = paid(String(started.body['id']), String(started.body['total']));
  await deliver(rig.server.url, { secret: rig.server.webhookSecret, body });
  await badgeSays(page, /^Payment confirmed/);
  await picture(page, 'payment-confirmed');
  await page.close();
});

test('enough: what is left and for how long, in the page and to a screen reader', async () => {
  const page = await rig.open('classic');
  await badgeSays(
    page,
    /^Enough credits \$12\.40 left after this, about 9\sh at this rate IO Glance, as of \d\d:\d\d Side panel$/,
  );
  expect(await readAnnounced(page)).toMatch(
    /^Enough credits\. \$12\.40 left after this, about 9\sh at this rate$/,
  );
  await picture(page, 'enough-dark');
  await change(page, { theme: 'light' });
  await pause(400);
  await picture(page, 'enough-light');
  await page.close();
});

test('short: how much, and what each way to pay costs; the verdict follows the page', async () => {
  const page = await rig.open('classic', SHORT);
  await badgeSays(
    page,
    /^\$8\.20 short \$94\.30 available By card, 3% fee \$8\.45 In USDC, no fee \$8\.20 Top up \$8\.20 or pay another way, or request more/,
  );
  await picture(page, 'short-dark');
  await change(page, { total: '94.300 USDC' });
  await badgeSays(page, /^Enough credits \$0\.00 left after this/);
  await change(page, { total: '94.301 USDC' });
  await badgeSays(
    page,
    /^\$0\.01 short \$94\.30 available By card, 3% fee \$1\.03 In USDC, no fee \$1\.00 Top up \$1\.00 \$1\.00 is the smallest purchase/,
  );
  await picture(page, 'short-minimum');
  await change(page, { total: '$1,234.50', theme: 'light' });
  await badgeSays(page, /^\$1,140\.20 short/);
  await picture(page, 'short-light');
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test.each([
  ['wizard', { total: '$81.90' }, /^Enough credits \$12\.40 left after this, about 9\sh/],
  [
    'older',
    { total: '100 IO COIN', hours: '168', button: 'Deploy Container' },
    /^Enough credits \$14\.30 left after this, about 30\sh|^Enough credits \$14\.30 left after this, about 1\sd 6\sh/,
  ],
  ['awkward', {}, /^Enough credits \$12\.40 left after this/],
])('layout %s', async (layout, options, expected) => {
  const page = await rig.open(layout, options);
  await badgeSays(page, expected);
  await picture(page, `layout-${layout}`);
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test('the duration stepper, the unit and a price refresh change the verdict', async () => {
  const page = await rig.open('wizard', { total: '$92.82', hours: '68' });
  await badgeSays(page, /^Enough credits \$1\.48 left/);
  await page.click('[data-step="1"]');
  await badgeSays(page, /^Enough credits \$0\.11 left/);
  await page.click('[data-step="1"]');
  await badgeSays(page, /^\$1\.25 short/);
  expect(rig.complaints).toEqual([]);
  await page.close();
  const older = await rig.open('older', { total: '100 IO COIN' });
  await badgeSays(older, /^Enough credits \$14\.30/);
  await change(older, { rate: 'IO COIN = 0.95 USDC' });
  await badgeSays(older, /^\$0\.70 short/);
  await older.close();
});

test('silent: a unit that is a picture, another fee for coins, two totals, a dashboard', async () => {
  const page = await rig.open('older', { total: '100 IO COIN' });
  await badgeSays(page, /^Enough/);
  await change(page, { total: '2840.541' });
  await badgeSays(page, null);
  await change(page, { total: '100 IO COIN' });
  await badgeSays(page, /^Enough/);
  await change(page, { layout: 'classic', total: '$IO 10', option: 'IO COIN' });
  await badgeSays(page, null);
  await change(page, { layout: 'none' });
  await pause(500);
  expect(await readBadge(page)).toBeNull();
  await page.close();
});

test('a view without a reload: it comes and goes with the checkout', async () => {
  const page = await rig.open('none');
  await pause(500);
  expect(await readBadge(page)).toBeNull();
  const go = (path: string, layout: string) =>
    page.evaluate(
      (to, view) => {
        const { lookAlike } = window as unknown as { lookAlike: { go(path: string, part: object): void } }; // of layouts.js
        lookAlike.go(to, { layout: view });
      },
      path,
      layout,
    );
  await go('/cloud/container/new', 'classic');
  await badgeSays(page, /^Enough/);
  await go('/cloud/home', 'none');
  await badgeSays(page, null);
  await page.close();
});

test('a narrow page gets a pill in the row, a full one in the corner', async () => {
  const page = await rig.open('classic', { ...SHORT, width: 'wide' });
  await badgeSays(page, /^\$8\.20 short Top up$/);
  await picture(page, 'pill-dark');
  await page.setViewport({ width: 420, height: 900 });
  await pause(500);
  await picture(page, 'pill-narrow');
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test('hide on this page: gone until another page', async () => {
  const page = await rig.open('classic');
  await badgeSays(page, /^Enough/);
  await pressBadge(page, 'hide');
  await badgeSays(page, null);
  await change(page, SHORT);
  await pause(500);
  expect(await readBadge(page)).toBeNull();
  await page.close();
});

test('top up opens the purchase with the shortfall filled in', async () => {
  const page = await rig.open('classic', SHORT);
  await badgeSays(page, /^\$8\.20 short/);
  await page.bringToFront();
  await pressBadge(page, 'go');
  await until('the side panel opens at the purchase', () =>
    rig.installed.browser
      .targets()
      .some((target) => /sidepanel\.html.*#billing\/purchase\?amount=8\.2$/.test(target.url())),
  );
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test('held credits are not there to spend', async () => {
  const hold = { account_id: rig.account.account_id, id: 'h1', amount: '12.10', service: 'vm' };
  expect((await call(rig.server.url, '/service/holds', service, hold)).status).toBe(201);
  const page = await rig.open('classic');
  await badgeSays(page, /^Enough credits \$0\.30 left/);
  await change(page, SHORT);
  await badgeSays(page, /^\$20\.30 short \$82\.20 available, another \$12\.10 is held/);
  await picture(page, 'short-held');
  await call(rig.server.url, '/service/holds/h1/void', service, { account_id: rig.account.account_id });
  await badgeSays(page, /^\$8\.20 short/);
  await page.close();
});

test('offline the verdict says since when; what waits to be sent counts as spent', async () => {
  const page = await rig.open('classic', SHORT);
  await badgeSays(page, /^\$8\.20 short/);
  await rig.server.kill();
  await badgeSays(page, /Offline, as of \d\d:\d\d/, 20_000);
  const body = { amount: '10', wallet_address: '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU' };
  const options = await rig.installed.openTab('options.html');
  await options.evaluate((proposal) => chrome.runtime.sendMessage({ name: 'propose', data: proposal }), {
    id: randomUUID(),
    kind: 'withdrawal.request',
    body,
  });
  await page.bringToFront();
  await badgeSays(page, /^\$18\.20 short \$94\.30 available, \$10\.00 waits to be sent/);
  await picture(page, 'offline-pending');
  await rig.server.start();
  await badgeSays(page, /^\$18\.20 short \$84\.30 available.*IO Glance, as of/, 40_000);
  await options.close();
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test('a top-up while the page stands turns the verdict', async () => {
  const page = await rig.open('classic', SHORT);
  await badgeSays(page, /^\$18\.20 short/);
  await fund(rig.server, rig.account.api_key, '20');
  await badgeSays(page, /^Enough credits \$1\.80 left/);
  expect(rig.complaints).toEqual([]);
  await page.close();
});

test('an update of the extension takes the badge along, without an error', async () => {
  const page = await rig.open('classic');
  await badgeSays(page, /^Enough/);
  const worker = await rig.installed.worker();
  await worker.evaluate(() => chrome.runtime.reload()).catch(() => {});
  await badgeSays(page, null, 5_000);
  await change(page, SHORT);
  await pause(1_500);
  expect(rig.complaints).toEqual([]);
});
