// One connection of one book: a fresh socket each time, over when anything goes wrong. Retrying is the replica's.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { createDecoder, readVarInt, readVarString, readVarUint } from 'lib0/decoding';
import type * as Y from 'yjs';
import { type Ms, SECOND } from '../../shared/time.ts';

/** A connection that has not synced by then counts as failed. */
const SYNC_WITHIN: Ms = 10 * SECOND;
const SYNC_STATUS = 8;

/**
 * Why a link ended: `closed` network or server, `denied` the server refused the token, `foreign_bytes` the replica
 * holds bytes that the server never wrote.
 */
export type LinkEnd = 'closed' | 'denied' | 'foreign_bytes';

export interface LinkOptions {
  url: string;
  name: string;
  doc: Y.Doc;
  /** May throw: then the link ends as `closed`, and whoever gave the token knows why. */
  token: () => Promise<string>;
  WebSocket: typeof WebSocket;
  onSynced: () => void;
  /** The server said anything at all, after the first sync. */
  onContact: () => void;
  /** Comes once, and never after `close()`. */
  onEnd: (why: LinkEnd) => void;
}

export function openLink(options: LinkOptions): { close(): void } {
  let over = false;
  let tokenFailed = false;
  const socket = new HocuspocusProviderWebsocket({
    url: options.url,
    WebSocketPolyfill: options.WebSocket,
    // A provider that was refused once stays a zombie on its socket, so a new try is a new link.
    maxAttempts: 1,
  });
  // The default awareness stays on: without its beat the provider drops the socket, and the worker falls asleep.
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name: options.name,
    document: options.doc,
    token: async () => {
      try {
        return await options.token();
      } catch (error) {
        tokenFailed = true;
        throw error;
      }
    },
  });

  const close = () => {
    if (over) return;
    over = true;
    clearTimeout(deadline);
    provider.destroy();
    socket.destroy();
  };
  const end = (why: LinkEnd) => {
    if (over) return;
    close();
    options.onEnd(why);
  };
  const deadline = setTimeout(() => end('closed'), SYNC_WITHIN);

  socket.on('disconnect', () => end('closed'));
  socket.on('maxAttemptsFailed', () => end('closed'));
  provider.on('close', () => end('closed'));
  provider.on('authenticationFailed', () => end(tokenFailed ? 'closed' : 'denied'));
  provider.on('synced', () => {
    if (over) return;
    clearTimeout(deadline);
    options.onSynced();
  });
  provider.on('message', ({ event }: { event: { data: ArrayBuffer } }) => {
    if (over) return;
    if (isRefusal(event.data)) queueMicrotask(() => end('foreign_bytes'));
    else if (provider.synced) options.onContact();
  });
  provider.attach();
  return { close };
}

/** `SyncStatus(0)`: the server did not take what this replica holds. The provider itself ignores it. */
function isRefusal(data: ArrayBuffer): boolean {
  const decoder = createDecoder(new Uint8Array(data));
  readVarString(decoder);
  return readVarUint(decoder) === SYNC_STATUS && readVarInt(decoder) === 0;
}
