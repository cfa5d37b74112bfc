// Paints the stored snapshot in the first frame, then follows it; nothing here waits for the worker.
import { render } from 'preact';
import { browser } from 'wxt/browser';
import { loadGlance } from '../../locales/glance.ts';
import { applyTheme, readAppearance, tagOf } from '../../view/appearance.ts';
import { readSnapshot, watchSnapshot } from '../../view/snapshot-reader.ts';
import type * as Later from './later.ts';
import { type Moments, needsMoments } from './needs.ts';
import { Popup } from './popup.tsx';

// What changes by time alone (a date, "Offline, as of") is right within this.
const REDRAW_MS = 10_000;
/** Where a cluster is deployed: the product's own page. */
const DEPLOY = 'https://cloud.io.net/cloud/home';

const [stored, appearance] = await Promise.all([
  readSnapshot(browser.storage),
  readAppearance(browser.storage),
]);
let snapshot = stored;
let moments: Moments | null = null;
/** At once when they are here, or not needed. */
const ready = async () => {
  if (moments === null && needsMoments(snapshot, Date.now())) moments = await import('./moments.ts');
};
const [locale] = await Promise.all([loadGlance(tagOf(appearance)), ready()]);
applyTheme(appearance, document.documentElement);
document.documentElement.lang = locale.language;

// Loaded after the first frame: nothing of it is seen, and waking the worker costs a core that the paint needs.
let later: typeof Later | null = null;
let windowId: number | undefined;
const steps = {
  openSettings: () => void browser.runtime.openOptionsPage().then(() => window.close()),
  openPanel: (place: string) => void later?.openPanel(place, windowId).then(() => window.close()),
  deploy: () => void browser.tabs.create({ url: DEPLOY }),
  dismiss: (id: string) => void later?.send('dismiss', id),
  drawAgain: () => draw(),
};

const draw = () =>
  render(
    <Popup
      snapshot={snapshot}
      now={Date.now()}
      locale={locale}
      steps={steps}
      extras={later}
      moments={moments}
    />,
    document.body,
  );
draw();

const closing = new AbortController();
window.addEventListener('pagehide', () => closing.abort());
watchSnapshot(
  browser.storage,
  (next) => {
    snapshot = next;
    void ready().then(draw);
  },
  closing.signal,
);
async function follow(): Promise<void> {
  later = await import('./later.ts');
  draw();
  later.announceSurface(browser.runtime, closing.signal);
  // Asked before it is needed: the side panel opens only straight out of a click.
  windowId = (await browser.windows.getCurrent()).id;
  if (snapshot && (await later.isAskedToCopy(browser.storage)))
    await later.copyBalance(snapshot, locale.language);
}
requestAnimationFrame(() => setTimeout(() => void follow()));
setInterval(draw, REDRAW_MS);
