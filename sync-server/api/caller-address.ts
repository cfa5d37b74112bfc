// Where a call comes from.
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
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

/** The caller's address, or network; behind a proxy that is believed, of the one that it saw. */
export function addressOf(c: Context, trustProxy: boolean): string {
  return networkOf(forwardedBy(c.req.header('x-forwarded-for'), trustProxy) ?? peerOf(c));
}

/** As `addressOf`, of a call that no app sees; null for this machine itself, whose proxy may bring everybody. */
export function networkOfUpgrade({ headers, socket }: IncomingMessage, trustProxy: boolean): string | null {
  // Node joins several headers of this name to one text.
  const forwarded = forwardedBy(headers['x-forwarded-for']?.toString(), trustProxy);
  const peer = socket.remoteAddress ?? NOWHERE;
  return forwarded === null && LOOPBACK.has(peer) ? null : networkOf(forwarded ?? peer);
}

/** Whom a proxy that is believed saw; null without one. */
function forwardedBy(header: string | undefined, trustProxy: boolean): string | null {
  const last = trustProxy ? header?.split(',').at(-1)?.trim() : undefined;
  return last ? last.slice(0, 64) : null;
}

/** Of an IPv6 address its /64, the least that anybody gets: else each caller would have 2^64 addresses to come from. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const [front, back] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  if (!front || !back) return address;
  const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

/** Names under which a machine calls itself. A web page of another name that leads here is somebody else's. */
const OWN_NAMES = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Whether a call is from this machine itself, and neither through a proxy on it nor from a web page in its browser. */
export function isLocal(c: Context): boolean {
  const relayed = c.req.header('x-forwarded-for') ?? c.req.header('forwarded');
  return relayed === undefined && LOOPBACK.has(peerOf(c)) && OWN_NAMES.test(c.req.header('host') ?? '');
}
