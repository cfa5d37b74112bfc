// The content script on the checkout's site: wiring only. It reads the page, writes nothing but its own element.
import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { browserLocale } from '../../locales/browser.ts';
import { runCheckout } from '../../checkout/checkout.ts';

export default defineContentScript({
  matches: ['https://cloud.io.net/*'],
  // The page learns nothing of this script's start.
  noScriptStartedPostMessage: true,
  main(ctx) {
    runCheckout({
      runtime: () => (ctx.isValid ? browser.runtime : null),
      locale: browserLocale(),
      now: () => Date.now(),
      signal: ctx.signal,
      // oxlint-disable-next-line no-console -- the debug view of development builds
      debug: import.meta.env.DEV ? (line) => console.debug('IO Glance checkout:', line) : null,
    });
  },
});
