// A page tells the worker that someone looks: an open port holds the live connection, and wakes a stopped worker.
import type { Browser } from 'wxt/browser';

export const SURFACE_PORT = 'surface';
// A worker that stops at once again must not be woken in a tight loop.
const REOPEN_AFTER_MS = 1_000;

/** Holds the worker until `signal` aborts; reopens the port when the worker stops (it does when idle for 30 s). */
export function announceSurface(runtime: Pick<typeof Browser.runtime, 'connect'>, signal: AbortSignal): void {
  const open = () => {
    if (signal.aborted) return;
    const port = runtime.connect({ name: SURFACE_PORT });
    const close = () => port.disconnect();
    signal.addEventListener('abort', close, { once: true });
    port.onDisconnect.addListener(() => {
      signal.removeEventListener('abort', close);
      setTimeout(open, REOPEN_AFTER_MS);
    });
  };
  open();
}
