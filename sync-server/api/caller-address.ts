// Where a call comes from.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** Calls without a socket: tests ask the app itself. */
const NOWHERE = 'none';
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

function peerOf(c: Context): string {
  // Set by the adapter for calls over a socket; the app itself may be asked without one.
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  return incoming?.socket.remoteAddress ?? NOWHERE;
}

/** The caller's address; behind a proxy that is believed, the one that it saw. */
export function addressOf(c: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  return forwarded ? forwarded.slice(0, 64) : peerOf(c);
}

/** Names under which a machine calls itself. A web page of another name that leads here is somebody else's. */
const OWN_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Whether a call is from this machine itself, and neither through a proxy on it nor from a web page in its browser. */
export function isLocal(c: Context): boolean {
  const relayed = c.req.header('x-forwarded-for') ?? c.req.header('forwarded');
  return relayed === undefined && LOOPBACK.has(peerOf(c)) && OWN_NAMES.test(c.req.header('host') ?? '');
}
