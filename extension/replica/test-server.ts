// For tests of this room: a real Hocuspocus server with the sign-in calls, which projects one account's book.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hocuspocus } from '@hocuspocus/server';
import { WebSocketServer } from 'ws';
import * as Y from 'yjs';
import type { Credits, Entry } from '../../shared/account.ts';
import type { Profile } from '../../shared/profile.ts';
import { bookName } from '../../shared/documents.ts';

export const ACCOUNT = '01890000-0000-7000-8000-000000000001';
export const API_KEY = 'key-of-the-test-account';

export const CREDITS: Credits = {
  balance: '100',
  available: '87.9',
  available_by_service: {},
  held: '12.1',
  reserved: '0',
  debt: '0',
  restricted: '0',
  frozen: '0',
  withdrawable: '87.9',
  allowance: '10',
  state: 'active',
  grace_until: null,
  next_change_at: null,
  expiring: [],
  seq: 1,
};

/** A server with one account. `book` is what it serves; `grants` counts the tokens it gave. */
export interface TestServer {
  address: string;
  grants: number;
  /** What the next refresh does: `lose` answers nothing after having rotated. */
  refreshes: 'work' | 'lose' | 'refuse' | 'fail';
  /** Refresh tokens that were presented, oldest first. */
  presented: string[];
  setCredits(credits: Partial<Credits>): void;
  setProfile(profile: Profile): void;
  append(entry: Entry): void;
  /** Refuses every token in hand, as after a revoked session. */
  distrust(): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startTestServer(now: () => number = Date.now): Promise<TestServer> {
  const book = new Y.Doc();
  let valid = new Set<string>();
  let live = new Map<string, string>();
  let port = 0;
  const lane = (name: string, value: unknown) => book.getMap(name).set('value', value);

  const hocuspocus = new Hocuspocus({
    quiet: true,
    async onAuthenticate({ token, documentName, connectionConfig }) {
      if (!valid.has(token) || documentName !== bookName(ACCOUNT)) throw new Error('not yours');
      connectionConfig.readOnly = true;
    },
    async onLoadDocument({ document }) {
      Y.applyUpdate(document, Y.encodeStateAsUpdate(book));
      book.on('update', (update: Uint8Array) => Y.applyUpdate(document, update));
    },
  });

  const grant = () => {
    server.grants += 1;
    const iat = Math.floor(now() / 1000);
    const access = `h.${btoa(JSON.stringify({ iat, n: server.grants }))}.s`;
    valid.add(access);
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: `refresh-${server.grants}`,
      account_id: ACCOUNT,
      device_id: 'device-1',
      scope: 'account',
    };
  };

  const answer = (path: string, body: Record<string, unknown>): object | number => {
    if (path === '/auth/token') {
      if (body['api_key'] !== API_KEY) return 401;
      const given = grant();
      live.set(given.refresh_token, '');
      return given;
    }
    if (path === '/auth/refresh') {
      const token = String(body['refresh_token']);
      server.presented.push(token);
      if (server.refreshes === 'fail') return 503;
      if (server.refreshes === 'refuse' || !live.has(token)) return 401;
      // Using a child ends its parent.
      for (const [parent, child] of live) if (child === token) live.delete(parent);
      const given = grant();
      live.set(token, given.refresh_token);
      live.set(given.refresh_token, '');
      return server.refreshes === 'lose' ? 0 : given;
    }
    return path === '/auth/revoke' ? {} : 404;
  };

  const listen = () => {
    const http = createServer((request, response) => {
      response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
      response.setHeader('access-control-allow-headers', 'content-type');
      if (request.method === 'OPTIONS') return response.writeHead(204).end();
      void readBody(request).then((body) => {
        const answered = answer(request.url ?? '', body);
        if (answered === 0) return request.socket.destroy();
        if (typeof answered === 'number') return response.writeHead(answered).end('{}');
        return response.end(JSON.stringify(answered));
      });
      return response;
    });
    const sockets = new WebSocketServer({ server: http, path: '/sync' });
    sockets.on('connection', (socket, request) => {
      const connection = hocuspocus.handleConnection(socket, toRequest(request));
      socket.on('message', (data: Buffer) => connection.handleMessage(new Uint8Array(data)));
      socket.on('close', (code, reason) => connection.handleClose({ code, reason: reason.toString() }));
    });
    return { http, sockets };
  };
  let open: ReturnType<typeof listen> | null = null;

  const server: TestServer = {
    address: '',
    grants: 0,
    refreshes: 'work',
    presented: [],
    setCredits: (credits) => lane('credits', { ...CREDITS, ...credits }),
    setProfile: (profile) => lane('profile', profile),
    append: (entry) => book.getArray('recent').push([entry]),
    distrust() {
      valid = new Set();
      hocuspocus.closeConnections();
    },
    async stop() {
      const { http, sockets } = open ?? listen();
      open = null;
      for (const socket of sockets.clients) socket.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
    async start() {
      open = listen();
      const { http } = open;
      await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
      // After a stop the same port: the device knows no other.
      port = (http.address() as AddressInfo).port; // a string only for pipes
      server.address = `http://127.0.0.1:${port}`;
    },
  };
  live = new Map();
  await server.start();
  return server;
}

function toRequest(request: IncomingMessage): Request {
  return new Request(`http://127.0.0.1${request.url ?? '/'}`);
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // Node's stream of an HTTP body
  return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>; // a test's own body
}
