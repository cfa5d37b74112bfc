// A server leaves in time, also when its connection to a real PostgreSQL hangs.
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ledgerEvents } from '../../sync-server/ledger/events.ts';
import { PostgresHints } from '../../sync-server/ledger/storage/postgres-hints.ts';
import { type Cluster, startPostgres } from '../tools/postgres.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startPostgres();
});
afterAll(() => cluster.stop());

/** A way to the database that can be blocked: nothing comes through any more, and nobody hangs up. */
async function passage(databaseUrl: string) {
  const folder = new URL(databaseUrl).searchParams.get('host') ?? '';
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(join(folder, '.s.PGSQL.5432'));
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const block = () => sockets.forEach((socket) => socket.unpipe().pause());
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, block };
}

test.each([
  ['with a hint that waits behind another', 2],
  ['with none', 0],
])('a connection that hangs does not hold the stop, %s', { timeout: 8_000 }, async (_what, grown) => {
  const { url, block } = await passage(await cluster.createDatabase());
  const hints = new PostgresHints(url, ledgerEvents());
  await hints.open();
  block();
  for (let seq = 1; seq <= grown; seq += 1) hints.tell('ann', seq);
  const started = performance.now();
  await hints.close();
  expect(performance.now() - started).toBeLessThan(5_000);
});
