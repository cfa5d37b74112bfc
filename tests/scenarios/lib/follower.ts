// A stranger's reader: y-websocket's own provider on the read-only feed.
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { TestServer } from './server.ts';

export interface Follower {
  doc: Y.Doc;
  provider: WebsocketProvider;
  /** How the server closed it for good, or for now. */
  closes: number[];
  [Symbol.dispose](): void;
}

/** How a token travels: never in the address. */
export const protocolsOf = (token: string) => ['glance', `bearer.${token}`];

export function follow({ sync }: TestServer, name: string, token: string): Follower {
  const doc = new Y.Doc();
  const closes: number[] = [];
  const provider = new WebsocketProvider(sync.replace(/\/sync$/, '/yjs'), name, doc, {
    protocols: protocolsOf(token),
    // The browser's own WebSocket, as Node has it too.
    WebSocketPolyfill: WebSocket as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  provider.on('connection-close', (event) => closes.push(event?.code ?? 0));
  return { doc, provider, closes, [Symbol.dispose]: () => provider.destroy() };
}
