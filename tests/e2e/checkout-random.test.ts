// Random pages in a real layout, one true total among decoys, hidden ones and torn ones: right or silent, never wrong.
import puppeteer, { type Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleReader } from '../checkout/bundle.ts';
import { randomPage } from '../checkout/random-page.ts';
import { browserFlags, findBrowser, HOW_TO_GET_A_BROWSER } from '../tools/browser.ts';

/** So many pages, each judged as a whole; another seed is another batch. */
const PAGES = 240;
const SEED = Number(process.env['CHECKOUT_SEED'] ?? 20_261_121);

let browser: Browser;
let reader: string;

beforeAll(async () => {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error(HOW_TO_GET_A_BROWSER);
  reader = await bundleReader();
  browser = await puppeteer.launch({ executablePath, headless: true, pipe: true, args: browserFlags() });
});
afterAll(async () => {
  await browser?.close();
});

test('one true total among decoys in a real layout: right or silent, never wrong', async () => {
  const page = await browser.newPage();
  await page.setViewport({ width: 1_000, height: 1_200 });
  await page.setContent('<!doctype html><html lang="en"><body></body></html>');
  await page.evaluate(reader);
  const pages = Array.from({ length: PAGES }, (_, at) => randomPage(SEED + at));
  const read = await page.evaluate(
    (fragments) => {
      const { glanceReader } = window as unknown as {
        // Of bundle.ts.
        glanceReader: {
          readPage(path: string, ours: null): { finding: object };
          describe(finding: object): string;
        };
      };
      return fragments.map((html) => {
        document.body.innerHTML = html;
        for (const dialog of document.querySelectorAll('dialog')) dialog.showModal();
        return glanceReader.describe(glanceReader.readPage('/', null).finding);
      });
    },
    pages.map(({ html }) => html),
  );
  const wrong = pages.flatMap(({ html, total }, at) => {
    const due = /^due ([\d.]+),/.exec(read[at] ?? '')?.[1];
    return due === undefined || Number(due) === total ? [] : [{ seed: SEED + at, total, due, html }];
  });
  expect(wrong).toEqual([]);
  // It is not silent out of caution: a plain page is nearly always read.
  const right = (kind: boolean) =>
    pages.filter(({ isPlain }, at) => isPlain === kind && read[at]?.startsWith('due ')).length;
  const plain = pages.filter(({ isPlain }) => isPlain).length;
  expect(plain).toBeGreaterThan(PAGES / 10);
  expect(right(true) / plain).toBeGreaterThan(0.9);
  expect(right(false)).toBeGreaterThan(PAGES / 10);
  await page.close();
}, 60_000);
