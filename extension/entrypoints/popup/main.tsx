// Paints the stored snapshot in the first frame, then follows it; nothing here waits for the worker.
import { render } from 'preact';
import { browser } from 'wxt/browser';
import { loadGlance } from '../../locales/glance.ts';
import { applyTheme, readAppearance, tagOf } from '../../view/appearance.ts';
import type { Snapshot } from '../../view/snapshot.ts';
import { readSnapshot, watchSnapshot } from '../../view/snapshot-reader.ts';
import { type Later, needsLater } from './needs.ts';
import { Popup } from './popup.tsx';

// What changes by time alone (a date, "Offline, as of") is right within this.
const REDRAW_MS = 10_000;
// So long a popup that the browser does not show waits for its window to have a size, and for its first frame.
const UNSIZED_MS = 100;
const UNPAINTED_MS = 500;
/** Where a cluster is deployed: the product's own page. */
const DEPLOY = 'https://cloud.io.net/cloud/home';

// Other pages load this file too, for what they share with the popup: it stands in one with that (see wxt.config.ts).
if (document.documentElement.classList.contains('popup')) void open();

async function open(): Promise<void> {
  const closing = new AbortController();
  window.addEventListener('pagehide', () => closing.abort());
  let snapshot: Snapshot | null = null;
  let isTold = false;
  let draw: (() => void) | null = null;
  const reading = Promise.all([readSnapshot(browser.storage), readAppearance(browser.storage)]);
  // Followed from here on: what is written before the first frame stands is not missed.
  watchSnapshot(
    browser.storage,
    (next) => {
      snapshot = next;
      isTold = true;
      draw?.();
    },
    closing.signal,
  );
  const hasSize = Promise.race([sized(), after(UNSIZED_MS)]);
  const [stored, appearance] = await reading;
  if (!isTold) snapshot = stored;
  // The window may stand already: empty, it has the right ground.
  applyTheme(appearance, document.documentElement);
  let later: Later | null = null;
  const load = async (): Promise<Later> => (later ??= await import('./later.ts'));
  const [locale] = await Promise.all([
    loadGlance(tagOf(appearance)),
    needsLater(snapshot, Date.now()) && load(),
    parsed(document),
    hasSize,
  ]);
  // What was written during the wait is drawn first, whole too.
  if (!later && needsLater(snapshot, Date.now())) await load();
  document.documentElement.lang = locale.language;

  let windowId: number | undefined;
  const steps = {
    openSettings: () => void browser.runtime.openOptionsPage().then(() => window.close()),
    openPanel: (place: string) => void later?.openPanel(place, windowId).then(() => window.close()),
    deploy: () => void browser.tabs.create({ url: DEPLOY }),
    dismiss: (id: string) => void later?.send('dismiss', id),
    drawAgain: () => draw?.(),
  };

  draw = () =>
    render(
      <Popup snapshot={snapshot} now={Date.now()} locale={locale} steps={steps} later={later} />,
      document.body,
    );
  draw();
  setInterval(draw, REDRAW_MS);

  // After the first frame is on the screen: reading files and waking the worker cost a core that the paint needs. A popup
  // that the browser does not paint (covered, say) follows all the same.
  await Promise.race([painted(), after(UNPAINTED_MS)]);
  const { announceSurface, copyBalance, isAskedToCopy } = await load();
  draw();
  announceSurface(browser.runtime, closing.signal);
  // Asked before it is needed: the side panel opens only straight out of a click.
  windowId = (await browser.windows.getCurrent()).id;
  if (snapshot && (await isAskedToCopy(browser.storage))) await copyBalance(snapshot, locale.language);
}

/**
 * The browser gives a popup's window its size between the first frame and the second. What is drawn earlier has to be
 * laid out and drawn once more for that size, and is on the screen one frame later than what is drawn into the second.
 */
async function sized(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function painted(): Promise<void> {
  return new Promise((resolve) => {
    new PerformanceObserver((list, observer) => {
      if (list.getEntriesByName('first-contentful-paint').length === 0) return;
      observer.disconnect();
      resolve();
    }).observe({ type: 'paint', buffered: true });
  });
}

/** The script may be here before the page's end is. */
function parsed(page: Document): Promise<unknown> | undefined {
  if (page.readyState !== 'loading') return undefined;
  return new Promise((done) => page.addEventListener('DOMContentLoaded', done));
}
