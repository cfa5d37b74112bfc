// The content script on the checkout's site: wiring only. It reads the page, writes nothing but its own element.
import type { ContentScriptContext as WxtContext } from 'wxt/utils/content-script-context';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { runCheckout } from '../../checkout/checkout.ts';
import type { ContentScriptContext } from '../../checkout/context.ts';

export default defineContentScript({
  matches: ['https://cloud.io.net/*'],
  // The page learns nothing of this script's start.
  noScriptStartedPostMessage: true,
  main(context: WxtContext) {
    // The build puts ours in that one's place.
    const ours = context as unknown as ContentScriptContext;
    runCheckout({
      runtime: () => ours.runtime,
      now: () => Date.now(),
      signal: ours.signal,
      // oxlint-disable-next-line no-console -- the debug view of development builds
      debug: import.meta.env.DEV ? (line) => console.debug('IO Glance checkout:', line) : null,
    });
  },
});
