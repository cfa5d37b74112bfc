// One of the servers that the sync bench compares, as a process of its own: `ours`, the sync room; `feed`, its plain
// y-websocket side; `bare`, a Hocuspocus without any hook but a token; `plain`, the server of y-websocket, which has no
// tokens, no hooks and no acknowledgements. All project the same journal rows, kept in memory, into the same book.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Hocuspocus } from '@hocuspocus/server';
import { getYDoc, setupWSConnection } from '@y/websocket-server/utils';
import { pino } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { bookName, trayName } from '../../../shared/documents.ts';
import { ledgerEvents } from '../../../sync-server/ledger/events.ts';
import type { JournalRow } from '../../../sync-server/ledger/journal.ts';
import { project } from '../../../sync-server/sync/project.ts';
import { createSync } from '../../../sync-server/sync/sync.ts';

const ACCOUNT = 'bench';
const BOOK = bookName(ACCOUNT);
const TRAY = trayName(ACCOUNT, 'bench');
const TOKEN = 'token';
const NO_HASH = '0'.repeat(64);

const rows: JournalRow[] = [];

function nextRow(): JournalRow {
  const seq = rows.length + 1;
  const balance = `${seq}.123456`;
  const entry = { id: `entry-${seq}`, at: seq, service: 'inference', type: 'usage', status: 'posted' };
  const row = {
    account: ACCOUNT,
    seq,
    at: seq,
    patch: { recent: { ...entry, n: seq, amount: '-0.012345', balance } },
    n: seq,
    hash: NO_HASH,
    private_digest: null,
  };
  rows.push(row);
  return row;
}
for (let index = 0; index < 200; index += 1) nextRow();

type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

function listen(upgrade: Upgrade): void {
  const http = createServer();
  http.on('upgrade', upgrade);
  http.listen(0, '127.0.0.1', () => {
    const { port } = http.address() as AddressInfo;
    process.send?.({ address: `ws://127.0.0.1:${port}`, book: BOOK, tray: TRAY, token: TOKEN });
  });
}

interface Served {
  upgrade: Upgrade;
  commit: () => void;
}

/** The sync room before rows that it takes for a ledger's. */
function room() {
  const events = ledgerEvents();
  const sync = createSync({
    ledger: {
      // A round trip through the tray is measured without its database.
      settle: () => Promise.resolve({ ok: true, answer: {}, seq: 0, replayed: false }),
      journal: (_account, after, limit) => Promise.resolve(rows.slice(after, after + limit)),
      database: { engine: 'sqlite', read: () => Promise.resolve([]), write: () => Promise.resolve([]) },
      events,
    },
    identity: {
      verify: () =>
        Promise.resolve({
          principal: 'bench',
          account: ACCOUNT,
          scope: 'account',
          device: 'bench',
          session: 'bench',
          services: [],
          expiresAt: Number.MAX_SAFE_INTEGER,
        }),
      endedAmong: () => Promise.resolve([]),
    },
    clock: { now: () => Date.now() },
    log: pino({ level: 'silent' }),
    limits: null,
  });
  return { sync, commit: () => void events.emit('committed', { account: ACCOUNT, seq: nextRow().seq }) };
}

/** Starts a side; answers how it makes one commit visible. */
const sides: Record<string, () => Served> = {
  ours() {
    const { sync, commit } = room();
    return { upgrade: sync.handleUpgrade, commit };
  },
  feed() {
    const { sync, commit } = room();
    return { upgrade: sync.handleFeedUpgrade, commit };
  },
  plain() {
    const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
    project(getYDoc(BOOK), rows);
    return {
      upgrade: (request, socket, head) =>
        server.handleUpgrade(request, socket, head, (ws) =>
          setupWSConnection(ws, request, { docName: BOOK }),
        ),
      commit: () => project(getYDoc(BOOK), [nextRow()]),
    };
  },
  bare() {
    const hocuspocus = new Hocuspocus({
      quiet: true,
      async onAuthenticate({ token, connectionConfig, documentName }) {
        if (token !== TOKEN) throw new Error('no');
        connectionConfig.readOnly = documentName === BOOK;
      },
      async onLoadDocument({ document, documentName }) {
        if (documentName === BOOK) project(document, rows);
      },
    });
    const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
    const accept = (ws: WebSocket) => {
      const frames = hocuspocus.handleConnection(ws, new Request('http://localhost/'));
      ws.on('message', (data: Buffer) => frames.handleMessage(data));
      ws.on('close', (code) => frames.handleClose({ code, reason: '' }));
    };
    return {
      upgrade: (request, socket, head) => server.handleUpgrade(request, socket, head, accept),
      commit() {
        const row = nextRow();
        const book = hocuspocus.documents.get(BOOK);
        if (book) project(book, [row]);
      },
    };
  },
};

const side = sides[process.argv[2] ?? '']?.();
if (!side) throw new Error('Which side?');
process.on('message', (asked) => {
  if (asked === 'cpu') {
    process.send?.(process.cpuUsage());
    return;
  }
  side.commit();
});
// Ends with the bench, however that ends.
process.on('disconnect', () => process.exit());
listen(side.upgrade);
