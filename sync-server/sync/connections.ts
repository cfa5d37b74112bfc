// Every socket of the room, whichever of its two doors it came through: let in while there is room and the room is open,
// known until it is gone.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Clock } from '../../shared/time.ts';
import type { SyncLimits } from './limits.ts';
import { CLOSE, SyncSocket } from './socket.ts';
import { createStrangers } from './strangers.ts';

/** Takes over an HTTP upgrade. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Connections {
  /** Those that live. */
  readonly all: ReadonlySet<SyncSocket>;
  /** Puts a socket of ours around a new connection; null when there is no room for one more that nobody knows. */
  add(ws: WebSocket, request: IncomingMessage): SyncSocket | null;
  /** Refuses upgrades once the room closes. */
  whileOpen(take: Upgrade): Upgrade;
  /** Lets nobody in any more, and tells all to leave. */
  close(): void;
}

export interface ConnectionsOptions {
  clock: Clock;
  log: Pick<Logger, 'debug' | 'warn'>;
  limits: SyncLimits | null;
  networkOf: (request: IncomingMessage) => string | null;
  onGone: (socket: SyncSocket) => void;
}

export function createConnections({
  clock,
  log,
  limits,
  networkOf,
  onGone,
}: ConnectionsOptions): Connections {
  const all = new Set<SyncSocket>();
  const strangers = createStrangers(clock, log, limits !== null);
  let isOpen = true;

  return {
    all,
    add(ws, request) {
      const stranger = strangers.enter(networkOf(request));
      const socket = new SyncSocket(ws, clock, limits, stranger);
      all.add(socket);
      // Without a listener a too large frame, or a lost peer, would end the process.
      ws.on('error', (error) => log.debug({ err: error }, 'a sync socket failed'));
      ws.once('close', () => {
        all.delete(socket);
        onGone(socket);
      });
      if (stranger) return socket;
      socket.end(CLOSE.tooManyStrangers);
      return null;
    },
    whileOpen: (take) => (request, socket, head) => {
      if (isOpen) {
        take(request, socket, head);
        return;
      }
      const answer = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
      // Whoever does not close their end would keep the stop waiting.
      socket.end(answer, () => socket.destroy());
    },
    close() {
      isOpen = false;
      for (const socket of all) socket.end(CLOSE.goingAway);
    },
  };
}
