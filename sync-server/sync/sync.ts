// The sync room's door: WebSockets in, replicated documents out. Hocuspocus speaks the protocol; what it may do is
// decided in the files beside this one. Nothing a client sends ends the process or is merged into a book.
import type { IncomingMessage } from 'node:http';
import { type Document, Hocuspocus, MessageType } from '@hocuspocus/server';
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import type { Logger } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import { type Clock, type Ms, SECOND } from '../../shared/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createDoorkeeper, Denied, endSession, type Verifier } from './authenticate.ts';
import { clientsOf, keepOwnState } from './awareness.ts';
import { isReadable } from './envelope.ts';
import { createConnections, type Upgrade } from './connections.ts';
import { createFeeds } from './feed.ts';
import { createGuests } from './guests.ts';
import { DEFAULT_LIMITS, MAX_FRAME, MAX_PENDING_DOCUMENTS, SILENT_FOR, type SyncLimits } from './limits.ts';
import { createLosses } from './losses.ts';
import type { Seat } from './seat.ts';
import { CLOSE, type SyncSocket } from './socket.ts';
import { createPace } from './tray/pace.ts';
import { createTrays } from './tray/tray.ts';
import { createUpkeep } from './upkeep.ts';

/** Open books are read again this often, in case a hint was lost. */
const POLL_EVERY: Ms = 10 * SECOND;
/** How long a stop waits for sockets to close and books to be stored. */
const STOP_WITHIN: Ms = 3 * SECOND;
/** A book that changes is looked at for a checkpoint when it rests this long, and at the latest after `STORE_AT_LATEST`. */
const STORE_AFTER: Ms = 5 * SECOND;
const STORE_AT_LATEST: Ms = 30 * SECOND;

/** Messages a device has a reason to send. */
const SPOKEN: ReadonlySet<MessageType> = new Set([
  MessageType.Sync,
  MessageType.Awareness,
  MessageType.Auth,
  MessageType.QueryAwareness,
  MessageType.SyncReply,
  MessageType.CLOSE,
]);

export interface SyncOptions {
  ledger: Pick<Ledger, 'settle' | 'journal' | 'database' | 'events'>;
  identity: Verifier;
  /** Real time, by which tokens end and limits flow; never the clock of the rules. */
  clock: Clock;
  log: Pick<Logger, 'debug' | 'warn' | 'error'>;
  /** Null switches the rate limits off. */
  limits?: SyncLimits | null;
  /** The network that a socket comes from; null, as for this machine itself, for one that is not held to a network's share. */
  networkOf?: (request: IncomingMessage) => string | null;
  /** A device has rows of its book that the ledger does not have. */
  onAhead?: () => void;
}

export interface Sync {
  /** Takes over an HTTP upgrade of `/sync`. */
  handleUpgrade: Upgrade;
  /** Takes over an HTTP upgrade of `/yjs/<document>`: one document, read-only, over the plain y-websocket protocol. */
  handleFeedUpgrade: Upgrade;
  /** Stores and closes everything; answers when it is done, a few seconds later at most. */
  stop(): Promise<void>;
}

/** What Hocuspocus carries from hook to hook. */
interface SyncContext {
  socket: SyncSocket;
  seat?: Seat;
}

export function createSync({
  ledger,
  identity,
  clock,
  log,
  limits = DEFAULT_LIMITS,
  networkOf = () => null,
  onAhead = () => {},
}: SyncOptions): Sync {
  const doorkeeper = createDoorkeeper(identity, clock, log);
  const guests = createGuests(clock, limits !== null);
  const pace = createPace(clock, limits !== null);
  const connections = createConnections({ clock, log, limits, networkOf, onGone: guests.leave });
  const sockets = connections.all;

  const hocuspocus = new Hocuspocus<SyncContext>({
    quiet: true,
    timeout: SILENT_FOR,
    debounce: STORE_AFTER,
    maxDebounce: STORE_AT_LATEST,
    maxPendingDocuments: MAX_PENDING_DOCUMENTS,
    maxUnauthenticatedQueueSize: 2 * MAX_FRAME,

    async onAuthenticate({ context, documentName, token, connectionConfig }) {
      const seat = await doorkeeper.seat(context.socket, documentName, token);
      welcome(context.socket, seat);
      connectionConfig.readOnly = seat.document.kind !== 'tray';
      return { seat };
    },

    async onTokenSync({ context, token }) {
      if (context.seat) await doorkeeper.renew(context.socket, context.seat, token);
    },

    async onLoadDocument({ document, documentName }) {
      try {
        await upkeep.load(document);
      } catch (error) {
        log.error({ err: error, documentName }, 'a document could not be loaded');
        // Hocuspocus forgets the document but not its timer.
        document.destroy();
        for (const socket of seatedAt(documentName)) socket.end(CLOSE.retryLater);
        throw new Denied('retry-later');
      }
    },

    async beforeHandleMessage({ context, update, document }) {
      const { socket, seat } = context;
      // A device that came while its document was unloaded holds one that nobody keeps up to date: it comes again.
      if (hocuspocus.documents.get(document.name) !== document) throw comeBack(socket);
      if (!seat || !(await doorkeeper.recheck(socket, seat))) throw new Denied('unauthenticated');
      const type: MessageType = messageType(update);
      if (!SPOKEN.has(type)) throw new Denied('permission-denied');
      if (type === MessageType.Awareness) seat.beats = clientsOf(update);
      if (type === MessageType.CLOSE) seat.isClosing = true;
    },

    async beforeSync({ type, payload, document, connection, context: { socket, seat } }) {
      if (seat?.document.kind === 'tray') {
        if (type !== SYNC_STEP_1)
          await trays.receive({ document, connection, socket, seat, update: payload });
      } else if (seat && type === SYNC_STEP_1) {
        await freshen(document, socket, seat, payload);
      }
    },

    async afterHandleMessage({ document, connection }) {
      trays.finish(document, connection);
    },

    async beforeHandleAwareness({ states, document, connection, context }) {
      if (connection && context?.seat) keepOwnState(states, context.seat.beats, document, connection);
      else states.clear();
    },

    async onStoreDocument({ document }) {
      await upkeep.store(document);
    },

    async onDisconnect({ context }) {
      const { socket, seat } = context;
      if (!seat) return;
      socket.leave(seat);
      // A document that nobody closed, on a socket that lives: Hocuspocus closed it over what was said last.
      if (socket.readyState === WebSocket.OPEN && !seat.isClosing) guests.misbehaved(seat.member, socket);
    },
  });

  const upkeep = createUpkeep(hocuspocus.documents, ledger, log);
  const losses = createLosses(clock, log, onAhead);
  const trays = createTrays(ledger, pace, upkeep.refresh, log);

  /** Lets a device in that has shown its token. @throws Denied when it takes too much */
  function welcome(socket: SyncSocket, { member, document }: Seat): void {
    if (!guests.isWelcome(member, socket)) throw new Denied('too-many-documents');
    guests.enter(member, socket);
    if (document.kind === 'page' && !guests.ask(member, socket)) throw new Denied('too-many-documents');
  }

  /**
   * Brings a document up to date before a device gets it: one that saw more than this process did holds what would look
   * forged here. @throws Denied
   */
  async function freshen(
    document: Document,
    socket: SyncSocket,
    seat: Seat,
    vector: Uint8Array,
  ): Promise<void> {
    if (!guests.ask(seat.member, socket)) throw new Denied('too-many-documents');
    try {
      await upkeep.catchUp(document);
    } catch (error) {
      log.error({ err: error, account: seat.document.account }, 'a document could not be read');
      throw comeBack(socket);
    }
    if (upkeep.isBehind(document, vector)) losses.tell(seat);
  }

  function* seatedAt(name: string): Iterable<SyncSocket> {
    for (const socket of sockets) {
      for (const seat of socket.seats) if (seat.name === name) yield socket;
    }
  }

  function onCommitted({ account, seq }: { account: string; seq: number }): void {
    void upkeep.refresh(account, seq);
  }

  function onRevoked({ session }: { session: string }): void {
    endSession(sockets, session);
  }

  function sweep(): void {
    doorkeeper.sweep(sockets);
    guests.sweep();
    pace.sweep();
  }

  ledger.events.on('committed', onCommitted);
  ledger.events.on('revoked', onRevoked);
  const timers = [setInterval(sweep, SECOND), setInterval(() => void upkeep.poll(), POLL_EVERY)];
  // Several processes share a PostgreSQL, and only one of them hears of a revocation.
  if (ledger.database.engine === 'postgres') {
    timers.push(setInterval(() => void doorkeeper.sweepSessions(sockets), SECOND / 2));
  }

  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    clientTracking: false,
  });

  function accept(ws: WebSocket, request: IncomingMessage): void {
    const socket = connections.add(ws, request);
    if (!socket) return;
    const frames = hocuspocus.handleConnection(socket, NO_REQUEST, { socket });
    socket.listen({
      handleMessage(data) {
        if (isReadable(data)) frames.handleMessage(data);
        else socket.end(CLOSE.unauthenticated);
      },
    });
    ws.once('close', (code) => frames.handleClose({ code, reason: '' }));
  }

  const feeds = createFeeds({
    hocuspocus,
    host: (ws, request, frames) => {
      const socket = connections.add(ws, request);
      socket?.listen(frames);
      return socket;
    },
    async seat(socket, name, token) {
      const seat = await doorkeeper.seat(socket, name, token);
      welcome(socket, seat);
      return seat;
    },
    recheck: doorkeeper.recheck,
    freshen,
    log,
  });

  let stopping: Promise<void> | null = null;
  async function stop(): Promise<void> {
    for (const timer of timers) clearInterval(timer);
    ledger.events.off('committed', onCommitted);
    ledger.events.off('revoked', onRevoked);
    connections.close();
    const deadline = Date.now() + STOP_WITHIN;
    while ((sockets.size > 0 || hocuspocus.documents.size > 0) && Date.now() < deadline) {
      hocuspocus.flushPendingStores();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const socket of sockets) socket.cut();
    server.close();
    feeds.stop();
  }

  return {
    handleUpgrade: connections.whileOpen((request, socket, head) =>
      server.handleUpgrade(request, socket, head, accept),
    ),
    handleFeedUpgrade: connections.whileOpen(feeds.handleUpgrade),
    stop() {
      return (stopping ??= stop());
    },
  };
}

/** y-protocols' first sync message: "this is what I have". */
const SYNC_STEP_1 = 0;
/** Hooks get a request with every call; nothing of ours reads it, so no address or header is kept for a socket's life. */
const NO_REQUEST = new Request('http://localhost/sync');

/** Ends a socket so that its device comes back with a fresh one; answers what to throw. */
function comeBack(socket: SyncSocket): Denied {
  socket.end(CLOSE.retryLater);
  return new Denied('retry-later');
}

function messageType(frame: Uint8Array): number {
  const decoder = createDecoder(frame);
  readVarString(decoder);
  return readVarUint(decoder);
}
