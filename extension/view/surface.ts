// A page tells the worker that someone looks: an open port holds the live connection, and wakes a stopped worker.
import type { Browser } from 'wxt/browser';

type Runtime = Pick<typeof Browser.runtime, 'connect'>;

export const SURFACE_PORT = 'surface';
/** What followSections of sections.ts connects to. */
export const SECTIONS_PORT = 'sections';
// A worker that stops at once again must not be woken in a tight loop.
const REOPEN_AFTER_MS = 1_000;

/** Holds the worker until `signal` aborts; reopens the port when the worker stops (it does when idle for 30 s). */
export function announceSurface(runtime: Runtime, signal: AbortSignal): void {
  reopening(runtime, SURFACE_PORT, signal, () => {});
}

/** Keeps a port to the worker open until `signal` aborts; `use` gets each new one. */
export function reopening(
  runtime: Runtime,
  name: string,
  signal: AbortSignal,
  use: (port: Browser.runtime.Port) => void,
): void {
  const open = () => {
    if (signal.aborted) return;
    const port = runtime.connect({ name });
    const close = () => port.disconnect();
    signal.addEventListener('abort', close, { once: true });
    port.onDisconnect.addListener(() => {
      signal.removeEventListener('abort', close);
      setTimeout(open, REOPEN_AFTER_MS);
    });
    use(port);
  };
  open();
}
