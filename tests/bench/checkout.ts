// What the checkout script costs the page: main-thread script on load, time per re-render of 300 rows, layout shift; each
// against the same page at an address where the extension does nothing, in the same browser and run, interleaved.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { CDPSession } from 'puppeteer-core';
import { badgeSays } from '../checkout/badge.ts';
import { change, type Rig, startRig } from '../checkout/rig.ts';
import { BARE_HOST, HOST } from '../checkout/site.ts';
import { fund } from '../tools/harness/api.ts';

const PAIRS = 9;
const RENDERS = 30;
const BARS = { 'script on load ms': 10, 'per re-render ms': 2, 'layout shift': 0, 'kB gzip': 12 };
const SCRIPT = 'dist/chrome-mv3/content-scripts/checkout.js';

interface Cost {
  load: number;
  render: number;
  shift: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Processor time of the main thread so far, ms: its script, and all its tasks; a busy machine does not count. */
async function spent(session: CDPSession): Promise<{ script: number; task: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? 0) * 1_000;
  return { script: of('ScriptDuration'), task: of('TaskDuration') };
}

async function measure(rig: Rig, host: string): Promise<Cost> {
  const page = await rig.installed.browser.newPage();
  const session = await page.createCDPSession();
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.setViewport({ width: 1_200, height: 900 });
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
  await pause(1_500);
  const load = (await spent(session)).script;
  await change(page, { layout: 'many', width: 'wide' });
  await pause(800);
  const before = (await spent(session)).task;
  await page.evaluate(async (times) => {
    const { lookAlike } = window as unknown as { lookAlike: { set(part: object): void } }; // of layouts.js
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let at = 0; at < times; at += 1) {
      lookAlike.set({});
      await frame();
      await frame();
    }
  }, RENDERS);
  await pause(800);
  const render = ((await spent(session)).task - before) / RENDERS;
  const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift); // counted above
  // Last, since a page that is read aloud costs more from then on.
  if (host === HOST) await badgeSays(page, /^Enough/);
  await page.close();
  return { load, render, shift };
}

const rig = await startRig();
try {
  await fund(rig.server, rig.account.api_key, '94.30');
  await measure(rig, HOST);
  await measure(rig, BARE_HOST);
  const bare: Cost[] = [];
  const ours: Cost[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    bare.push(await measure(rig, BARE_HOST));
    ours.push(await measure(rig, HOST));
  }
  const of = (costs: readonly Cost[], key: keyof Cost) => median(costs.map((cost) => cost[key]));
  const extra = {
    'script on load ms': of(ours, 'load') - of(bare, 'load'),
    'per re-render ms': of(ours, 'render') - of(bare, 'render'),
    'layout shift': of(ours, 'shift') - of(bare, 'shift'),
    'kB gzip': Math.round(gzipSync(readFileSync(SCRIPT)).length / 100) / 10,
  };
  const rounded = (key: keyof typeof extra) => Math.round(extra[key] * 100) / 100;
  console.table(
    Object.fromEntries(
      (Object.keys(BARS) as (keyof typeof BARS)[]).map((key) => [
        key,
        { extra: rounded(key), bar: BARS[key], verdict: rounded(key) <= BARS[key] ? 'ok' : 'over' },
      ]),
    ),
  );
  console.table({
    'without the extension': { load: of(bare, 'load'), render: of(bare, 'render') },
    'with it': { load: of(ours, 'load'), render: of(ours, 'render') },
  });
  if ((Object.keys(BARS) as (keyof typeof BARS)[]).some((key) => rounded(key) > BARS[key]))
    process.exitCode = 1;
} finally {
  await rig.dispose();
}
