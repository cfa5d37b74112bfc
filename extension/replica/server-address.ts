// Where a device syncs: https anywhere, plain http on this machine only. The manifest's policy says the same.

const LOOPBACK = new Set(['127.0.0.1', 'localhost']);
const MAX_LENGTH = 256;

/**
 * Reads a server address as a person types it into its base URL without a trailing slash; null when it is none that a
 * device may talk to. A missing scheme is https, or http for this machine.
 */
export function parseServerAddress(input: string): string | null {
  const text = input.trim();
  if (text === '' || text.length > MAX_LENGTH) return null;
  const host = /^([^/:]+)/.exec(text)?.[1] ?? '';
  const full = text.includes('://') ? text : `${LOOPBACK.has(host) ? 'http' : 'https'}://${text}`;
  if (!URL.canParse(full)) return null;
  const url = new URL(full);
  const allowed = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (!allowed || url.username || url.password || url.search || url.hash) return null;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The socket that belongs to a server address. */
export function syncUrl(server: string): string {
  return `${server.replace(/^http/, 'ws')}/sync`;
}
