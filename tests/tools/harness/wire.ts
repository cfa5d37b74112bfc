// A wire between extension and server that a test can listen to: it sees who connects and what is said. It changes nothing
// unless it is told to.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { Transform } from 'node:stream';

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
  /** What the server says, changed on its way: of the same length, so that every frame stays whole. */
  bend: [from: string, to: string] | null;
  /** How often something was. */
  readonly bent: number;
  dispose(): Promise<void>;
}

/** Forwards everything on a free port to `port`; while nobody listens there, connections are refused at once. */
export async function tapWire(port: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let open = 0;
  let total = 0;
  let said = '';
  let cut = false;
  let bend: Wire['bend'] = null;
  let bent = 0;

  function bending(chunk: Buffer): Buffer {
    if (!bend) return chunk;
    const [from, to] = bend;
    const parts = chunk.toString('latin1').split(from);
    bent += parts.length - 1;
    return Buffer.from(parts.join(to), 'latin1');
  }

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
    far
      .pipe(new Transform({ transform: (chunk: Buffer, _encoding, done) => done(null, bending(chunk)) }))
      .pipe(near);
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
    get bend() {
      return bend;
    },
    set bend(now) {
      if (now && now[0].length !== now[1].length)
        throw new Error('A bent text has the length of the true one.');
      bend = now;
    },
    get bent() {
      return bent;
    },
    async dispose() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
