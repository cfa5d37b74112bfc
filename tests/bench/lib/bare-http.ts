// The peer of the HTTP bench: a bare hono route that does one durable insert, and nothing else. A process of its own.
import { DatabaseSync } from 'node:sqlite';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const db = new DatabaseSync(process.argv[2] ?? '');
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;
  CREATE TABLE post (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;`);
const insert = db.prepare('INSERT INTO post VALUES (?, ?)');

const app = new Hono();
app.post('/posts', async (c) => {
  const body = await c.req.json<{ id: string }>();
  insert.run(body.id, JSON.stringify(body));
  return c.json({ id: body.id }, 201);
});
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`ready http://127.0.0.1:${port}\n`);
});
process.once('SIGTERM', () => server.close(() => process.exit(0)));
