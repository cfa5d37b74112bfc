// Paints the stored snapshot in the first frame, then follows it; nothing here waits for the worker.
import { render } from 'preact';
import { browser } from 'wxt/browser';
import { loadGlance } from '../../locales/glance.ts';
import { readSnapshot, watchSnapshot } from '../../view/snapshot-reader.ts';
import { announceSurface } from '../../view/surface.ts';
import { Popup } from './popup.tsx';

// What changes by time alone (a date, "Offline, as of") is right within this.
const REDRAW_MS = 10_000;

const [stored, locale] = await Promise.all([readSnapshot(browser.storage), loadGlance(navigator.language)]);
document.documentElement.lang = locale.language;
let snapshot = stored;
const draw = () =>
  render(
    <Popup
      snapshot={snapshot}
      now={Date.now()}
      locale={locale}
      openSettings={() => void browser.runtime.openOptionsPage()}
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
    draw();
  },
  closing.signal,
);
// After the first frame: waking the worker costs a core that the paint needs.
requestAnimationFrame(() => setTimeout(() => announceSurface(browser.runtime, closing.signal)));
setInterval(draw, REDRAW_MS);
