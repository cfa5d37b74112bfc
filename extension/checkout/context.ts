// The lifetime of the checkout script, as WXT's own context keeps it, without the timers and watchers that it never uses:
// the build puts it in that one's place, since the script's budget has no room for them.
import type { Browser } from 'wxt/browser';

type Runtime = typeof Browser.runtime;

export class ContentScriptContext {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Null once the extension was updated, removed or switched off under its page: an orphaned script has no id. */
  get runtime(): Runtime | null {
    // Only where it is needed: the first touch of it costs a page a millisecond. Every browser knows it by this name.
    const { runtime } = chrome as { runtime?: Runtime };
    if (runtime?.id === undefined) this.#controller.abort();
    return this.signal.aborted ? null : (runtime ?? null);
  }
}
