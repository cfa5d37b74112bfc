import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Browser } from 'wxt/browser';
import { announceSurface, SURFACE_PORT } from './surface.ts';

interface Port {
  stop(): void;
  open: boolean;
}
let ports: Port[] = [];

/** Ports as the browser gives them: the other end hears a disconnect, the own end does not. */
function connect(info: { name: string }): Browser.runtime.Port {
  expect(info.name).toBe(SURFACE_PORT);
  const listeners: (() => void)[] = [];
  const port: Port = {
    open: true,
    stop() {
      port.open = false;
      for (const listener of listeners) listener();
    },
  };
  ports.push(port);
  return {
    name: info.name,
    disconnect: () => (port.open = false),
    onDisconnect: { addListener: (listener: () => void) => listeners.push(listener) },
  } as unknown as Browser.runtime.Port; // the two members that are used
}
const runtime = { connect } as unknown as Pick<typeof Browser.runtime, 'connect'>; // one of its overloads

beforeEach(() => {
  ports = [];
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

test('a worker that stopped is woken again, but not in a tight loop', () => {
  announceSurface(runtime, new AbortController().signal);
  expect(ports).toHaveLength(1);
  ports[0]?.stop();
  vi.advanceTimersByTime(900);
  expect(ports).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(ports).toHaveLength(2);
  expect(ports[1]?.open).toBe(true);
});

test('a page that closes lets go, and wakes nobody any more', () => {
  const closing = new AbortController();
  announceSurface(runtime, closing.signal);
  closing.abort();
  expect(ports[0]?.open).toBe(false);
  ports[0]?.stop();
  vi.advanceTimersByTime(10_000);
  expect(ports).toHaveLength(1);
});
