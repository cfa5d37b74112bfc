// The HTTP side as one app: what is true of every call stands here, the calls themselves in their own files.
import { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import type { Context, Next } from 'hono';
import { authRoutes } from './auth.ts';
import type { Api, ApiContext, ApiEnv } from './context.ts';
import { chargeRoutes } from './charges.ts';
import { correctionRoutes } from './corrections.ts';
import { creditRoutes } from './credits.ts';
import { deploymentRoutes } from './deployments.ts';
import { eventRoutes } from './events.ts';
import { financeAttentionRoutes } from './finance-attention.ts';
import { financeWithdrawalRoutes } from './finance-withdrawals.ts';
import { financeRoutes } from './finance.ts';
import { historyProofRoutes } from './history-proofs.ts';
import { holdRoutes } from './holds.ts';
import { withdrawalRoutes } from './withdrawals.ts';
import { healthRoutes, metricsRoute } from './health.ts';
import { personRoutes } from './person.ts';
import { planRoutes } from './plans.ts';
import { priceRoutes } from './prices.ts';
import { internalProblem, problemOf, sendProblem } from './problems.ts';
import { providerRoutes } from './provider.ts';
import { sessionRoutes } from './sessions.ts';
import { sourceRoutes } from './sources.ts';
import { testClockRoutes } from './test-clock.ts';
import { transactionRoutes } from './transactions.ts';
import { docsRoutes } from './web/docs.ts';
import { deskRoutes } from './web/desk.ts';
import { usageRoutes } from './usage.ts';
import { assetRoutes, isPage, pageHeaders } from './web/page.ts';
import { payRoutes } from './web/pay.ts';
import { webhookRoutes } from './webhooks.ts';

const PREFLIGHT_SECONDS = 600;
const DESCRIPTION = {
  openapi: '3.1.0',
  info: {
    title: 'IO Glance',
    version: '1',
    description: 'IO Credits for programs, services and finance.',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This server' }],
};

/** Extension pages may read answers; no web page may, and nobody may on finance pages. */
function extensionCors(allowed: string[] | null) {
  const share = cors({
    origin: (origin) => {
      if (!/^(chrome|moz)-extension:\/\/[a-z0-9-]{1,64}$/.test(origin)) return null;
      return allowed === null || allowed.includes(origin) ? origin : null;
    },
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key'],
    exposeHeaders: ['Idempotency-Replayed', 'Retry-After', 'RateLimit', 'RateLimit-Policy'],
    maxAge: PREFLIGHT_SECONDS,
  });
  return async (c: Context<ApiEnv>, next: Next) => {
    if (/^\/finance(\/|$)/.test(c.req.path)) return next();
    if (c.req.header('origin') !== undefined || c.req.method === 'OPTIONS') return share(c, next);
    // Most callers are no pages: for them, only that the answer would be another for a page.
    await next();
    c.res.headers.append('Vary', 'Origin');
  };
}

/** The app with all routes. It needs no socket: `app.request('/credits', ...)` answers as the server does. */
export function createApi(context: ApiContext): Api {
  const { log } = context;
  const api: Api = new OpenAPIHono<ApiEnv>();

  const { limits, audit, trustProxy, metrics } = context;
  const frame = { limits, audit, trustProxy };
  api.use(requestId({ limitLength: 64 }));
  if (metrics) {
    api.use((c, next) =>
      metrics.observe(() => ({ method: c.req.method, route: c.get('route'), status: c.res.status }), next),
    );
  }
  api.use(async (c, next) => {
    const started = performance.now();
    c.set('frame', frame);
    await next();
    // Nobody reads the body of an answer to HEAD: a stream behind it would never be told to end.
    if (c.req.method === 'HEAD') await c.res.body?.cancel();
    // Not by c.header: once there is an answer, that makes another one.
    const { headers } = c.res;
    if (!headers.has('cache-control')) headers.set('Cache-Control', 'no-store');
    const ms = Math.round(performance.now() - started);
    log.debug(
      { id: c.get('requestId'), method: c.req.method, path: c.req.path, status: c.res.status, ms },
      'request',
    );
  });
  const callHeaders = secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    xFrameOptions: 'DENY',
  });
  api.use((c, next) => (isPage(c.req.path) ? pageHeaders(c, next) : callHeaders(c, next)));
  api.use(extensionCors(context.extensionOrigins));
  api.use(
    methodNotAllowed({
      app: api,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return sendProblem(c, {
          code: 'method_not_allowed',
          detail: `This address takes ${methods.join(', ')}.`,
        });
      },
    }),
  );

  healthRoutes(api, context);
  metricsRoute(api, context);
  authRoutes(api, context);
  sessionRoutes(api, context);
  creditRoutes(api, context);
  transactionRoutes(api, context);
  historyProofRoutes(api, context);
  eventRoutes(api, context);
  priceRoutes(api, context);
  deploymentRoutes(api, context);
  personRoutes(api, context);
  sourceRoutes(api, context);
  withdrawalRoutes(api, context);
  holdRoutes(api, context);
  chargeRoutes(api, context);
  providerRoutes(api, context);
  usageRoutes(api, context);
  planRoutes(api, context);
  financeWithdrawalRoutes(api, context);
  financeAttentionRoutes(api, context);
  financeRoutes(api, context);
  correctionRoutes(api, context);
  webhookRoutes(api, context);
  testClockRoutes(api, context);
  assetRoutes(api);
  payRoutes(api, context);
  deskRoutes(api, context);

  api.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key or an access token',
  });
  const description = () => api.getOpenAPI31Document(DESCRIPTION);
  let text: string | null = null;
  api.get('/openapi.json', (c) => {
    text ??= JSON.stringify(description());
    return c.body(text, 200, { 'content-type': 'application/json' });
  });
  docsRoutes(api, description);

  api.notFound((c) => sendProblem(c, { code: 'not_found', detail: 'There is nothing at this address.' }));
  api.onError((error, c) => {
    const id = c.get('requestId');
    const problem = problemOf(error);
    if (problem?.code === 'retry_later') log.warn({ id, err: error }, 'the database did not answer');
    if (problem) return sendProblem(c, problem);
    log.error({ id, err: error }, 'request failed');
    return sendProblem(c, internalProblem(id));
  });
  return api;
}
