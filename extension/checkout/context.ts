// The lifetime of the checkout script, as WXT's own context keeps it, without the timers and watchers that it never uses:
// the build puts it in that one's place, since the script's budget has no room for them.
import { browser } from 'wxt/browser';

export class ContentScriptContext {
  readonly #controller = new AbortController();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** False once the extension was updated, removed or switched off under its page. */
  get isValid(): boolean {
    // Unknown to the types: an orphaned script has no id.
    if ((browser.runtime as { id?: string } | undefined)?.id === undefined) this.#controller.abort();
    return !this.signal.aborted;
  }
}
