// Opens the side panel at one of its places. The browser wants that straight out of a click, so nothing is awaited first.
import { type Browser, browser } from 'wxt/browser';

const PAGE = 'sidepanel.html';

/** Firefox's own: the sidebar opens as it was left. */
interface Sidebar {
  open(): Promise<void>;
}

/**
 * `place` is an address within the panel (`#billing/purchase?amount=8.2`), empty for where it was left. `windowId` is the
 * window to open it in; where there is no panel, a tab stands in.
 */
export async function openPanel(place: string, windowId: number | undefined): Promise<void> {
  // Not in every browser, whatever the types say.
  const sidePanel = browser.sidePanel as typeof Browser.sidePanel | undefined;
  const sidebar = 'sidebarAction' in browser ? (browser.sidebarAction as Sidebar) : null; // unknown to Chrome's types
  try {
    if (sidePanel && windowId !== undefined) {
      // The number makes it another address, so that an open panel goes there again.
      const path = place === '' ? PAGE : `${PAGE}?${Date.now()}${place}`;
      const ready = sidePanel.setOptions({ path, enabled: true });
      await sidePanel.open({ windowId });
      await ready;
      return;
    }
    if (sidebar && place === '') return await sidebar.open();
  } catch {
    // A browser that does not let us: a tab does as well.
  }
  await browser.tabs.create({ url: browser.runtime.getURL(`/${PAGE}${place}` as '/popup.html') }); // typed before it exists
}
