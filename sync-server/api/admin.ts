// The admin socket in the data folder: whoever may write there manages principals beside the running server.
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { z } from 'zod';
import { type Registry, Registration } from '../identity/accounts.ts';
import { Refusal } from '../ledger/command.ts';
import type { Audit } from '../identity/audit.ts';
import type { ApiLog } from './context.ts';
import { internalProblem, problemOf, sendProblem } from './problems.ts';

/** A socket's name has room for about this many bytes, on every system. */
const MAX_SOCKET_PATH = 103;

const Limit = z.coerce.number().int().min(1).max(1000);

/** Where the socket of a data folder stands: the shorter way to name it, as the system's room for it is small. */
export function adminSocketPath(dataDir: string): string {
  const whole = resolve(dataDir, 'admin.sock');
  const short = join(relative(process.cwd(), resolve(dataDir)), 'admin.sock');
  return short.length < whole.length ? short : whole;
}

/** @param audit where each change is noted; whoever may write to the socket acts as `local` */
export function adminApp(registry: Registry, log: ApiLog, audit: Audit): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    if (c.req.method === 'GET') return;
    const action = `${c.req.method} ${c.req.path}`;
    await audit.note({ principal: 'local', scope: 'admin', action, status: c.res.status });
  });
  app.get('/principals', async (c) => c.json(await registry.list()));
  app.get('/audit', async (c) => {
    const limit = Limit.safeParse(c.req.query('limit'));
    if (!limit.success) throw new Refusal('invalid_request', 'The limit is a whole number up to 1000.');
    return c.json(await registry.audit(limit.data));
  });
  app.post('/principals', async (c) => {
    const asked = Registration.safeParse(await c.req.json());
    if (!asked.success) throw new Refusal('invalid_request', z.prettifyError(asked.error));
    return c.json(await registry.register(asked.data), 201);
  });
  app.post('/principals/:id/rotate', async (c) => c.json(await registry.rotate(c.req.param('id'))));
  app.delete('/principals/:id', async (c) => {
    await registry.revoke(c.req.param('id'));
    return c.body(null, 204);
  });
  app.notFound((c) => sendProblem(c, { code: 'not_found', detail: 'There is nothing at this address.' }));
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (!problem) log.error({ err: error }, 'admin request failed');
    return sendProblem(c, problem ?? internalProblem('admin'));
  });
  return app;
}

/** Whether somebody answers on a socket. */
function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      done(true);
    });
    probe.once('error', () => done(false));
  });
}

/** Opens the socket; null, with a line in the log, where there can be none. The server goes on without it. */
export async function openAdminSocket(dataDir: string, app: Hono, log: ApiLog): Promise<Server | null> {
  if (process.platform === 'win32') return null;
  const path = adminSocketPath(dataDir);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    log.warn(
      { path },
      'the path of DATA_DIR is too long for an admin socket; accounts can be managed while stopped',
    );
    return null;
  }
  // Another server on the same folder and a shared database keeps its socket; a dead one's is swept away.
  if (await answers(path)) return null;
  rmSync(path, { force: true });
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(path, done);
  });
  chmodSync(path, 0o600);
  return server;
}
