// What a person can ask of the toolbar button's menu, by keyboard and by a click on a notification.
import { browser } from 'wxt/browser';
import type { BrowserLocale } from '../../locales/browser.ts';
import { askToCopy } from '../../view/copy-balance.ts';
import { openPanel } from '../../view/open-panel.ts';
import { placeOf } from './notifier.ts';

const MENU = ['refresh', 'panel', 'copy'] as const;

/** Registers every listener at once; `refresh` syncs now. */
export function offerSteps(refresh: () => Promise<void>, { t }: BrowserLocale): void {
  browser.runtime.onInstalled.addListener(() => {
    for (const id of MENU) browser.contextMenus.create({ id, title: t(`menu_${id}`), contexts: ['action'] });
  });
  browser.contextMenus.onClicked.addListener(({ menuItemId }, tab) => {
    if (menuItemId === 'refresh') void refresh();
    if (menuItemId === 'panel') void openPanel('', tab?.windowId);
    // The worker has no clipboard: the popup copies, and says so.
    if (menuItemId === 'copy') void askToCopy(browser.storage).then(() => browser.action.openPopup());
  });
  browser.commands.onCommand.addListener((command, tab) => {
    if (command === 'refresh') void refresh();
    if (command === 'panel') void openPanel('', tab?.windowId);
  });
  // There is no such API until a person has allowed it.
  const open = (id: string) => {
    void browser.notifications.clear(id);
    void browser.windows.getLastFocused().then((window) => openPanel(placeOf(id), window.id));
  };
  // The same listener each time: it is kept once, however often the permission comes and goes.
  const listen = () => browser.notifications?.onClicked.addListener(open);
  listen();
  browser.permissions.onAdded.addListener(({ permissions }) => {
    if (permissions?.includes('notifications')) listen();
  });
}
