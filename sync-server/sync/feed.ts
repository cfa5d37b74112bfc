// A book or a page over the plain y-websocket protocol, for the ecosystem's own tools: the document comes and keeps
// coming, nothing that a client says is taken. The token travels as a subprotocol, never in the address.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Document, Hocuspocus } from '@hocuspocus/server';
import { createDecoder, readVarUint, readVarUint8Array } from 'lib0/decoding';
import { createEncoder, toUint8Array, writeVarUint, writeVarUint8Array } from 'lib0/encoding';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { parseDocumentName } from '../../shared/documents.ts';
import { type Ms, SECOND } from '../../shared/time.ts';
import { Denied } from './authenticate.ts';
import { holdsLost } from './lanes.ts';
import { MAX_FRAME } from './limits.ts';
import type { Seat } from './seat.ts';
import { CLOSE, type SyncSocket } from './socket.ts';

/** The subprotocol that is agreed on, and the one that carries the token. */
const FEED_PROTOCOL = 'glance';
const BEARER = 'bearer.';
const PATH = '/yjs/';

/** y-websocket takes a server for dead that says nothing for 30 s; one that answers no ping twice is dead to us. */
const BEAT_EVERY: Ms = 15 * SECOND;

// Message types of y-websocket, and of y-protocols' sync within them.
const SYNC = 0;
const AWARENESS = 1;
const SYNC_STEP_1 = 0;
const SYNC_STEP_2 = 1;
const UPDATE = 2;
/** An awareness update about nobody. */
const BEAT = message(AWARENESS, [new Uint8Array([0])]);

export interface FeedDeps {
  hocuspocus: Pick<Hocuspocus, 'openDirectConnection' | 'documents'>;
  /** Puts a socket of ours around a new connection, if there is room; `frames` gets what passes its limits. */
  host: (
    ws: WebSocket,
    request: IncomingMessage,
    frames: { handleMessage(data: Uint8Array): void },
  ) => SyncSocket | null;
  /** Seats a token at a document. @throws Denied */
  seat: (socket: SyncSocket, name: string, token: string) => Promise<Seat>;
  /** Whether the seat still holds. */
  recheck: (socket: SyncSocket, seat: Seat) => Promise<boolean>;
  /** Brings the document up to date for this seat. @throws Denied */
  freshen: (document: Document, socket: SyncSocket, seat: Seat, vector: Uint8Array) => Promise<void>;
  log: Pick<Logger, 'error'>;
}

export interface Feeds {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): void;
}

export function createFeeds(deps: FeedDeps): Feeds {
  const alive = new Map<WebSocket, boolean>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: (protocols) => (protocols.has(FEED_PROTOCOL) ? FEED_PROTOCOL : false),
  });

  function beat(): void {
    for (const [ws, answered] of alive) {
      if (!answered) {
        ws.terminate();
        continue;
      }
      alive.set(ws, false);
      ws.ping();
      ws.send(BEAT);
    }
  }
  const beating = setInterval(beat, BEAT_EVERY);

  async function serve(ws: WebSocket, request: IncomingMessage): Promise<void> {
    const name = nameIn(request.url);
    const token = tokenIn(request.headers['sec-websocket-protocol']);
    let feed: Feed | null = null;
    const socket = deps.host(ws, request, { handleMessage: (data) => feed?.hear(data) });
    if (!socket) return;
    try {
      // What the client says meanwhile waits in its socket.
      feed = await socket.holdWhile(() => openFeed(deps, socket, name, token));
    } catch (error) {
      if (!(error instanceof Denied)) deps.log.error({ err: error }, 'a feed could not be opened');
      socket.end(error instanceof Denied ? closeOf(error) : CLOSE.retryLater);
      return;
    }
    const { end } = feed;
    if (ws.readyState !== ws.OPEN) {
      end();
      return;
    }
    ws.once('close', end);
    ws.once('close', () => alive.delete(ws));
    ws.on('pong', () => alive.set(ws, true));
    alive.set(ws, true);
  }

  return {
    handleUpgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (ws) => void serve(ws, request));
    },
    stop() {
      clearInterval(beating);
      server.close();
    },
  };
}

interface Feed {
  hear(data: Uint8Array): void;
  end(): void;
}

/** Opens a document for one socket and sends it what changes from now on. @throws Denied */
async function openFeed(deps: FeedDeps, socket: SyncSocket, name: string, token: string): Promise<Feed> {
  // Trays are written, so a reader has no business there.
  if (parseDocumentName(name)?.kind === 'tray') throw new Denied('permission-denied');
  const seat = await deps.seat(socket, name, token);
  const direct = await deps.hocuspocus.openDirectConnection(name, { socket, seat });
  const { document } = direct;
  const leave = () => {
    socket.leave(seat);
    void direct.disconnect({ unloadImmediately: false }).catch((error: unknown) => {
      deps.log.error({ err: error }, 'a feed could not be closed');
    });
  };
  // It was unloaded while we took hold of it: then nobody keeps it up to date.
  if (!document || deps.hocuspocus.documents.get(name) !== document) {
    leave();
    throw new Denied('retry-later');
  }
  const pass = (update: Uint8Array) => socket.send(updateMessage(update));
  document.on('update', pass);

  async function answer(vector: Uint8Array): Promise<void> {
    if (!document || !(await deps.recheck(socket, seat))) return;
    await deps.freshen(document, socket, seat, vector);
    if (holdsLost(document, vector)) {
      // This protocol never asks a client what it has: merged with what is, it would show a mixture, and for ever.
      socket.end(CLOSE.startAnew);
      return;
    }
    socket.send(message(SYNC, [SYNC_STEP_2, Y.encodeStateAsUpdate(document, vector)]));
  }

  return {
    hear(data) {
      let vector: Uint8Array | null;
      try {
        vector = vectorIn(data);
      } catch {
        socket.end(CLOSE.malformed);
        return;
      }
      if (!vector) return;
      answer(vector).catch((error: unknown) => {
        socket.end(error instanceof Denied ? closeOf(error) : CLOSE.malformed);
      });
    },
    end() {
      document.off('update', pass);
      leave();
    },
  };
}

/** What the client has, when it says so; null for whatever else it says, which is not taken. Throws on broken bytes. */
function vectorIn(data: Uint8Array): Uint8Array | null {
  const decoder = createDecoder(data);
  const isQuestion = readVarUint(decoder) === SYNC && readVarUint(decoder) === SYNC_STEP_1;
  return isQuestion ? readVarUint8Array(decoder) : null;
}

/** The last update as it is sent: all followers of a document get the same one, one after the other. */
let last: { update: Uint8Array; bytes: Uint8Array } | null = null;
function updateMessage(update: Uint8Array): Uint8Array {
  if (last?.update !== update) last = { update, bytes: message(SYNC, [UPDATE, update]) };
  return last.bytes;
}

function message(type: number, parts: (number | Uint8Array)[]): Uint8Array {
  const encoder = createEncoder();
  writeVarUint(encoder, type);
  for (const part of parts) {
    if (typeof part === 'number') writeVarUint(encoder, part);
    else writeVarUint8Array(encoder, part);
  }
  return toUint8Array(encoder);
}

/** y-websocket gives up (its event `closed`) after 4400-4499, and comes back after anything else. */
function closeOf({ reason }: Denied) {
  if (reason === 'unauthenticated') return CLOSE.unauthenticated;
  return reason === 'permission-denied' ? CLOSE.forbidden : CLOSE.retryLater;
}

/** The document that an address names; none of ours when it cannot be read. */
function nameIn(url: string | undefined): string {
  const path = url?.split('?')[0] ?? '';
  try {
    return decodeURIComponent(path.slice(PATH.length));
  } catch {
    return '';
  }
}

function tokenIn(protocols: string | undefined): string {
  const offered = protocols?.split(',').map((word) => word.trim()) ?? [];
  return offered.find((word) => word.startsWith(BEARER))?.slice(BEARER.length) ?? '';
}
