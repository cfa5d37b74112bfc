// A wire between extension and server that a test can listen to: it sees who connects and what is said, and changes nothing.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export interface Wire {
  readonly url: string;
  /** Connections open just now. */
  readonly open: number;
  /** Connections since the start. */
  readonly total: number;
  /** All bytes of both directions, as text. */
  transcript(): string;
  /** While it is cut, connections end at once. */
  cut: boolean;
  dispose(): Promise<void>;
}

/** Forwards everything on a free port to `port`; while nobody listens there, connections are refused at once. */
export async function tapWire(port: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let open = 0;
  let total = 0;
  let said = '';
  let cut = false;
  const server = createServer((near) => {
    if (cut) return void near.destroy();
    const far = connect(port, '127.0.0.1');
    open += 1;
    total += 1;
    let closed = false;
    const close = () => {
      if (!closed) open -= 1;
      closed = true;
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('data', (chunk) => (said += chunk.toString('latin1')));
      socket.on('error', close);
      socket.on('close', () => {
        sockets.delete(socket);
        close();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get open() {
      return open;
    },
    get total() {
      return total;
    },
    transcript: () => said,
    get cut() {
      return cut;
    },
    set cut(now) {
      cut = now;
      if (now) for (const socket of sockets) socket.destroy();
    },
    async dispose() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
