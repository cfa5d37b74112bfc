// What the checkout script costs the page: main-thread script on load, time per re-render of 300 rows, layout shift; each
// against the same page without a script of ours, and with one that does nothing, in the same browser and run, interleaved.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession } from 'puppeteer-core';
import { badgeSays } from '../checkout/badge.ts';
import { change, type Rig, startRig } from '../checkout/rig.ts';
import { BARE_HOST, EMPTY_HOST, HOST } from '../checkout/site.ts';
import { fund } from '../tools/harness/api.ts';
import { BUILT } from '../tools/harness/extension.ts';

const ROUNDS = 5;
const RENDERS = 30;
/** After that a page is loaded, judged, and has been looked at once more. */
const LOADED_MS = 1_300;
const BARS = { 'script on load ms': 10, 'per re-render ms': 2, 'layout shift': 0, 'kB gzip': 12 };
const SCRIPT = 'content-scripts/checkout.js';

interface Cost {
  load: number;
  /** Of that: reading the script, before any of it runs. */
  compile: number;
  /** All of the main thread on load: styles, layout and painting of page and badge too. */
  task: number;
  render: number;
  shift: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Processor time of the main thread so far, ms; a busy machine does not count. */
async function spent(session: CDPSession): Promise<Pick<Cost, 'load' | 'compile' | 'task'>> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1_000;
  const compile = of('V8CompileDuration');
  return { load: of('ScriptDuration') + compile, compile, task: of('TaskDuration') };
}

async function measure(rig: Rig, host: string): Promise<Cost> {
  const page = await rig.installed.browser.newPage();
  try {
    const session = await page.createCDPSession();
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.setViewport({ width: 1_200, height: 900 });
    // A page in the background draws no frames.
    await page.bringToFront();
    await page.evaluateOnNewDocument(() => {
      Object.assign(window, { shift: 0 });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const { value } = entry as PerformanceEntry & { value: number }; // of a layout shift
          Object.assign(window, { shift: (window as unknown as { shift: number }).shift + value });
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(rig.site.address('classic').replace(HOST, host));
    await pause(LOADED_MS);
    const load = await spent(session);
    await change(page, { layout: 'many', width: 'wide' });
    await pause(400);
    const before = await spent(session);
    await page.evaluate(async (times) => {
      const { lookAlike } = window as unknown as { lookAlike: { set(part: object): void } }; // of layouts.js
      // A frame that does not come in a tenth of a second is not waited for.
      const frame = () =>
        Promise.race([
          new Promise((resolve) => requestAnimationFrame(resolve)),
          new Promise((resolve) => setTimeout(resolve, 100)),
        ]);
      for (let at = 0; at < times; at += 1) {
        lookAlike.set({});
        await frame();
        await frame();
      }
    }, RENDERS);
    await pause(400);
    const render = ((await spent(session)).task - before.task) / RENDERS;
    const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift); // counted above
    // Last, since a page that is read aloud costs more from then on.
    if (host === HOST) await badgeSays(page, /^Enough/);
    return { ...load, render, shift };
  } finally {
    await page.close();
  }
}

/** The build, with a script that does nothing at one address more. */
function withEmptyScript(): string {
  const folder = mkdtempSync(join(tmpdir(), 'glance-build-'));
  cpSync(BUILT, folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  manifest.content_scripts.push({ matches: [`https://${EMPTY_HOST}/*`], js: ['empty.js'] });
  writeFileSync(path, JSON.stringify(manifest));
  writeFileSync(join(folder, 'empty.js'), 'void 0;');
  return folder;
}

const built = withEmptyScript();
const rig = await startRig({ built });
try {
  await fund(rig.server, rig.account.api_key, '94.30');
  const costs = new Map<string, Cost[]>([BARE_HOST, EMPTY_HOST, HOST].map((host) => [host, []]));
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [host, kept] of costs) {
      const cost = await measure(rig, host);
      if (round > 0) kept.push(cost);
    }
  }
  const of = (host: string, key: keyof Cost) => median((costs.get(host) ?? []).map((cost) => cost[key]));
  const extra = (key: keyof Cost) => of(HOST, key) - of(BARE_HOST, key);
  const found = {
    'script on load ms': extra('load'),
    'per re-render ms': extra('render'),
    'layout shift': extra('shift'),
    'kB gzip': Math.round(gzipSync(readFileSync(join(BUILT, SCRIPT))).length / 100) / 10,
  };
  const keys = Object.keys(BARS) as (keyof typeof BARS)[];
  const rounded = (value: number) => Math.round(value * 100) / 100;
  const isOver = (key: keyof typeof BARS) => rounded(found[key]) > BARS[key];
  console.table(
    Object.fromEntries(
      keys.map((key) => [
        key,
        { extra: rounded(found[key]), bar: BARS[key], verdict: isOver(key) ? 'over' : 'ok' },
      ]),
    ),
  );
  const rowOf = (host: string) => ({
    'script on load ms': rounded(of(host, 'load')),
    'of it compiling': rounded(of(host, 'compile')),
    'all tasks on load ms': rounded(of(host, 'task')),
    'per re-render ms': rounded(of(host, 'render')),
  });
  console.table({
    'without a script': rowOf(BARE_HOST),
    'an empty content script': rowOf(EMPTY_HOST),
    ours: rowOf(HOST),
  });
  if (keys.some(isOver)) process.exitCode = 1;
} finally {
  await rig.dispose();
  rmSync(built, { recursive: true, force: true });
}
