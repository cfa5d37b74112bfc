// How a page looks to those who measure it: what axe finds in light and dark, and what moved after the first paint.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'puppeteer-core';
import { expect } from 'vitest';
import * as z from 'zod';

// The extension's policy refuses script tags from elsewhere; evaluating the text is the debugger's right.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const Results = z.object({
  passes: z.array(z.unknown()),
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** The schemes differ in colours alone, so the second one asks only what colours can break. */
const SCHEMES = [
  ['light', 'axe.run()', 5],
  ['dark', "axe.run({ runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } })", 0],
] as const;

/** What axe finds on a page as it stands, in both schemes; empty is good. */
export async function findings(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(AXE);
  for (const [scheme, run, least] of SCHEMES) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: scheme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    await coloursStand(page);
    const results = Results.parse(await page.evaluate(run));
    expect(results.passes.length, 'axe really looked').toBeGreaterThan(least);
    for (const { id, nodes } of results.violations)
      for (const { html } of nodes) found.push(`${scheme}: ${id} at ${html.slice(0, 200)}`);
  }
  return found;
}

/** Waits for colours that are on their way: a button that was busy a moment ago has a contrast that nobody reads. */
function coloursStand(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const turning = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(turning.map(({ finished }) => finished));
  });
}

/** Waits until nothing was drawn anew for six frames: what comes after the first paint is there. */
export function standsStill(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let still = 0;
        const watch = new MutationObserver(() => (still = 0));
        watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        const frame = () => {
          still += 1;
          if (still < 6) requestAnimationFrame(frame);
          else {
            watch.disconnect();
            resolve();
          }
        };
        requestAnimationFrame(frame);
      }),
  );
}

/** What moved since the page was opened without being asked to, as the browser counts it. */
export async function shifted(page: Page): Promise<number> {
  await standsStill(page);
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // An observer of what is past is told of it once, also when there is nothing: a mark of our own comes with it.
        performance.mark('all that is past');
        let sum = 0;
        const watch = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            if (entry.entryType === 'mark') resolve(sum);
            else sum += (entry as PerformanceEntry & { value: number }).value; // a layout shift
          }
        });
        watch.observe({ type: 'layout-shift', buffered: true });
        watch.observe({ type: 'mark', buffered: true });
      }),
  );
}
