// Paints the stored snapshot in the first frame, then follows it and the sections of the book.
import { render } from 'preact';
import { browser } from 'wxt/browser';
import { PANEL_SECTIONS } from '../../features/panel/panel-context.ts';
import { formatRoute, HOME, parseRoute, type Route } from '../../features/panel/route.ts';
import { keep, openStored, stored } from '../../features/panel/stored.ts';
import { loadPanel } from '../../locales/panel.ts';
import { type Appearance, applyTheme, readAppearance, tagOf } from '../../view/appearance.ts';
import { watchAppearance } from '../../view/appearance-choice.ts';
import { followSections, type SectionValues } from '../../view/sections.ts';
import { readSnapshot, watchSnapshot } from '../../view/snapshot-reader.ts';
import { LastPlace, SidePanel } from './panel.tsx';

// What changes by time alone (a date, "Offline, as of") is right within this.
const REDRAW_MS = 10_000;

const [first, look] = await Promise.all([readSnapshot(browser.storage), readAppearance(browser.storage)]);
let [locale] = await Promise.all([
  loadPanel(tagOf(look)),
  openStored(browser.storage, first?.account.id ?? ''),
]);
applyTheme(look, document.documentElement);

const last = stored('place', LastPlace, '');
let route: Route = location.hash === '' ? parseRoute(last) : parseRoute(location.hash, parseRoute(last));
let snapshot = first;
let sections: SectionValues = {};
const draw = () => {
  document.documentElement.lang = locale.language;
  document.title = locale.t('app.name');
  render(
    <SidePanel
      snapshot={snapshot}
      sections={sections}
      locale={locale}
      route={route}
      openSettings={() => void browser.runtime.openOptionsPage()}
    />,
    document.body,
  );
};
draw();

const closing = new AbortController();
window.addEventListener('pagehide', () => closing.abort());
window.addEventListener('hashchange', () => {
  const next = parseRoute(location.hash, route);
  if (formatRoute(next) === formatRoute(route)) return;
  route = next;
  // A drawer or a form is not where somebody wants to be next time.
  keep('place', `#${route.tab}`);
  draw();
});
watchSnapshot(
  browser.storage,
  (next) => {
    if (next?.account.id !== snapshot?.account.id) {
      // Another account: what was open belongs to the one before.
      sections = {};
      route = HOME;
      void openStored(browser.storage, next?.account.id ?? '').then(draw);
    }
    snapshot = next;
    draw();
  },
  closing.signal,
);
async function follow(chosen: Appearance): Promise<void> {
  applyTheme(chosen, document.documentElement);
  locale = await loadPanel(tagOf(chosen));
  draw();
}
watchAppearance(browser.storage, (chosen) => void follow(chosen), closing.signal);
// After the first frame: waking the worker costs a core that the paint needs. The port also says that someone looks.
requestAnimationFrame(() =>
  setTimeout(() =>
    followSections(
      browser.runtime,
      PANEL_SECTIONS,
      (changed) => {
        sections = { ...sections, ...changed };
        draw();
      },
      closing.signal,
    ),
  ),
);
setInterval(draw, REDRAW_MS);
