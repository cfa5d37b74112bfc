// One connection: the book, then the tray, over one fresh socket; over when anything goes wrong. Retrying is the replica's.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { createDecoder, readVarInt, readVarString, readVarUint } from 'lib0/decoding';
import type * as Y from 'yjs';
import { type Ms, SECOND } from '../../shared/time.ts';

/** A connection that has not synced by then counts as failed. */
const SYNC_WITHIN: Ms = 10 * SECOND;
const SYNC_STATUS = 8;
/** The server's code for a socket whose token ended or was revoked. */
const UNAUTHENTICATED = 4401;

/**
 * Why a link ended: `closed` network or server, `denied` the server refused the token, `foreign_bytes` the book holds
 * bytes that the server never wrote, `refused` the tray holds bytes that are no proposals.
 */
export type LinkEnd = 'closed' | 'denied' | 'foreign_bytes' | 'refused';

/** A document and its name, as a book, a tray or a page has them. */
export interface Linked {
  name: string;
  doc: Y.Doc;
}

export interface LinkOptions {
  url: string;
  book: Linked;
  /** May throw: then the link ends as `closed`, and whoever gave the token knows why. */
  token: () => Promise<string>;
  WebSocket: typeof WebSocket;
  onSynced: () => void;
  /** The server said anything at all, after the first sync. */
  onContact: () => void;
  /** Comes once, and never after `close()`. */
  onEnd: (why: LinkEnd) => void;
}

export interface Link {
  close(): void;
  /**
   * Opens another document on the same socket until the returned function is called. Without `onDenied` the link ends
   * when the server does not give it; with it, that is called instead, and also when the link ends otherwise.
   */
  open(linked: Linked, onSynced: () => void, onDenied?: () => void): () => void;
  /** Shows the server a token again; the connection stays. */
  renew(): void;
}

export function openLink(options: LinkOptions): Link {
  let over = false;
  let tokenFailed = false;
  const providers = new Set<HocuspocusProvider>();
  const leavers = new Set<() => void>();
  const socket = new HocuspocusProviderWebsocket({
    url: options.url,
    WebSocketPolyfill: options.WebSocket,
    // A provider that was refused once stays a zombie on its socket, so a new try is a new link.
    maxAttempts: 1,
  });
  const token = async () => {
    try {
      return await options.token();
    } catch (error) {
      tokenFailed = true;
      throw error;
    }
  };

  const close = () => {
    if (over) return;
    over = true;
    clearTimeout(deadline);
    for (const provider of providers) provider.destroy();
    socket.destroy();
    for (const leave of leavers) leave();
  };
  const end = (why: LinkEnd) => {
    if (over) return;
    close();
    options.onEnd(why);
  };
  /** The socket closed, or the server closed one document on it. */
  const closed = ({ event }: { event: { code?: number; reason?: string } }) => {
    if (event.code === UNAUTHENTICATED) end('denied');
    else end(event.reason?.startsWith('refused') ? 'refused' : 'closed');
  };
  const deadline = setTimeout(() => end('closed'), SYNC_WITHIN);

  const open = (
    { name, doc }: Linked,
    onSynced: () => void,
    onDenied = () => end(tokenFailed ? 'closed' : 'denied'),
    more: { awareness?: null } = { awareness: null },
  ) => {
    const provider = new HocuspocusProvider({
      websocketProvider: socket,
      name,
      document: doc,
      token,
      ...more,
    });
    providers.add(provider);
    provider.on('close', closed);
    provider.on('authenticationFailed', onDenied);
    provider.on('synced', () => {
      if (!over) onSynced();
    });
    provider.attach();
    return provider;
  };

  socket.on('disconnect', closed);
  socket.on('maxAttemptsFailed', () => end('closed'));
  // Here the default awareness stays on: without its beat the provider drops the socket, and the worker falls asleep.
  const book = open(
    options.book,
    () => {
      clearTimeout(deadline);
      options.onSynced();
    },
    undefined,
    {},
  );
  book.on('message', ({ event }: { event: { data: ArrayBuffer } }) => {
    if (over) return;
    if (isRefusal(event.data)) queueMicrotask(() => end('foreign_bytes'));
    else if (book.synced) options.onContact();
  });
  return {
    close,
    open(linked, onSynced, onDenied) {
      if (over) {
        onDenied?.();
        return () => {};
      }
      if (onDenied) leavers.add(onDenied);
      const provider = open(linked, onSynced, onDenied);
      return () => {
        if (onDenied) leavers.delete(onDenied);
        providers.delete(provider);
        provider.destroy();
      };
    },
    renew() {
      for (const provider of providers) void provider.sendToken();
    },
  };
}

/** `SyncStatus(0)`: the server did not take what this replica holds. The provider itself ignores it. */
function isRefusal(data: ArrayBuffer): boolean {
  const decoder = createDecoder(new Uint8Array(data));
  readVarString(decoder);
  return readVarUint(decoder) === SYNC_STATUS && readVarInt(decoder) === 0;
}
