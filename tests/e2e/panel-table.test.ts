// The tables of the side panel, of any length: what they tell who hears them, and the keyboard in their rows.
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPanelAt } from '../tools/screenshots/panel-stage.ts';
import { PANEL_STATES } from '../tools/screenshots/panel-states.ts';
import { openStage, type Stage } from '../tools/screenshots/stage.ts';

const SIZE = { width: 400, height: 900 };
/** Header 48 and tabs 40 stay; under them the head of a table or the day does. */
const TOP = 88;
const DAY = 28;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('en-US');
});
afterAll(() => stage?.close());

async function openAt(name: string, place: string): Promise<Page> {
  const state = PANEL_STATES[name];
  if (!state) throw new Error(name);
  return openPanelAt(stage, state, place, SIZE);
}

/** The row with the focus: its number in the table, its place in the window, whether its ring shows. */
function focused(page: Page) {
  return page.evaluate(() => {
    const row = document.activeElement?.matches('[data-opens]')
      ? document.activeElement.closest('[role=row]')
      : null;
    if (!row) return null;
    const { top, bottom } = row.getBoundingClientRect();
    const { outlineStyle } = getComputedStyle(document.activeElement ?? row, '::after');
    return { index: Number(row.ariaRowIndex), top, bottom, hasRing: outlineStyle === 'solid' };
  });
}

/** Presses a key and answers the row that has the focus then; it must be in sight, with its ring. */
async function press(page: Page, key: Parameters<Page['keyboard']['press']>[0]): Promise<number> {
  await page.keyboard.press(key);
  const at = await focused(page);
  expect(at).toMatchObject({ hasRing: true });
  expect(at?.top).toBeGreaterThanOrEqual(TOP);
  expect(at?.bottom).toBeLessThanOrEqual(SIZE.height);
  return at?.index ?? Number.NaN;
}

const toRows = (page: Page, part: string) => page.focus(`[data-part=${part}] [data-opens][tabindex="0"]`);

test('a history of 100,000 tells its columns and how far its rows go, and draws a few of them', async () => {
  const page = await openAt('extreme', 'billing');
  const told = await page.$eval('[data-part=transactions]', (table) => ({
    role: table.role,
    rows: table.ariaRowCount,
    heads: [...table.querySelectorAll('[role=columnheader]')].map(({ textContent }) => textContent),
    numbers: [...table.querySelectorAll('[role=row]')].map(({ ariaRowIndex }) => Number(ariaRowIndex)),
    stops: table.querySelectorAll('[data-opens][tabindex="0"]').length,
  }));
  // Not all is read: nobody knows how many rows that will be.
  expect(told).toMatchObject({
    role: 'grid',
    rows: '-1',
    heads: ['Type', 'Time', 'Amount', 'Balance after it'],
    stops: 1,
  });
  expect(told.numbers).toEqual(Array.from({ length: told.numbers.length }, (_, at) => at + 1));
  expect(told.numbers.length).toBeLessThan(60);
  await page.close();
});

test('arrows walk entries and pass over days, the ends are a key away, Enter opens', async () => {
  const page = await openAt('extreme', 'billing');
  await toRows(page, 'transactions');
  const entry = () =>
    page.evaluate(() => document.activeElement?.closest('[data-entry]')?.getAttribute('data-entry'));
  const first = await focused(page);
  let last = 0;
  for (let step = 1; step < 12; step += 1) {
    last = await press(page, 'ArrowDown');
    expect(await entry()).toBe(String(100_000 - step));
  }
  // Days stand between them.
  expect(last).toBeGreaterThan((first?.index ?? 0) + 11);
  const up = await press(page, 'ArrowUp');
  expect(up).toBeLessThan(last);
  expect(await press(page, 'PageDown')).toBeGreaterThanOrEqual(up + 10);
  // Two pages are read: the last row is far from any that was drawn.
  expect(await press(page, 'End')).toBeGreaterThan(400);
  expect(await press(page, 'Home')).toBe(first?.index);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-part=entry]');
  expect(await page.evaluate(() => location.hash)).toBe('#billing/entry/100000');
  await page.close();
});

test('a row keeps the focus while the window is far away from it', async () => {
  const page = await openAt('extreme', 'billing');
  await toRows(page, 'transactions');
  const before = await press(page, 'ArrowDown');
  await page.evaluate(() => window.scrollTo(0, 12_000));
  await page.waitForFunction(
    () =>
      document.querySelectorAll('[data-part=transactions] [data-entry="99900"]').length === 0 &&
      scrollY > 9_000,
  );
  expect((await focused(page))?.index).toBe(before);
  expect(await press(page, 'ArrowDown')).toBe(before + 1);
  await page.close();
});

test('the day of the rows in sight stays under the header', async () => {
  const page = await openAt('extreme', 'billing');
  await page.evaluate(() => window.scrollTo(0, 2_000));
  const stays = await page.waitForSelector(
    '[data-part=transactions] > :first-child > [aria-hidden=true] > *',
  );
  expect(await stays?.evaluate((day) => day.getBoundingClientRect().toJSON() as object)).toMatchObject({
    top: TOP,
    height: DAY,
  });
  await page.close();
});

test('the head of 300 clusters stays, tells the order, and every row is reached by arrows', async () => {
  const page = await openAt('extreme', 'cloud');
  const table = '[data-part=clusters]';
  expect(await page.$eval(table, ({ ariaRowCount }) => ariaRowCount)).toBe('301');
  const order = () =>
    page.$$eval('[role=columnheader]', (heads) => heads.map(({ ariaSort }) => ariaSort ?? ''));
  expect(await order()).toEqual(['', 'ascending', '', '', '', '']);
  await page.click('[data-sort=cost]');
  expect(await order()).toEqual(['', '', '', '', '', 'descending']);
  await toRows(page, 'clusters');
  for (let row = 3; row < 40; row += 1) expect(await press(page, 'ArrowDown')).toBe(row);
  expect(await press(page, 'End')).toBe(301);
  expect(await page.$eval('[data-sort=cost]', (head) => head.getBoundingClientRect().top)).toBeLessThan(
    TOP + 32,
  );
  await page.close();
});

test('an open cluster has a row for its detail, whose fields keep their own keys', async () => {
  const page = await openAt('normal', 'cloud');
  await toRows(page, 'clusters');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-opens][aria-expanded=true]');
  expect((await focused(page))?.index).toBe(2);
  // The detail is row 3: it is passed.
  expect(await press(page, 'ArrowDown')).toBe(4);
  await press(page, 'ArrowUp');
  await page.keyboard.press('Tab');
  const inDetail = () =>
    page.evaluate(() => document.activeElement?.closest('[data-part=cluster-detail]') !== null);
  expect(await inDetail()).toBe(true);
  await page.click('[data-part=extend]');
  await page.focus('input[name=hours]');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  expect(await inDetail()).toBe(true);
  // A click on what is no control of the detail does not close its row.
  await page.click('[data-part=cluster-detail] p');
  expect(await page.$$('[data-opens][aria-expanded=true]')).toHaveLength(1);
  await page.click('[data-cluster] [role=gridcell]:last-child');
  await page.waitForFunction(() => document.querySelector('[data-opens][aria-expanded=true]') === null);
  await page.close();
});
