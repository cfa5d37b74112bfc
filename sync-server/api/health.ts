// Whether the server lives, whether it can answer, and how it does.
import { z } from '@hono/zod-openapi';
import type { Api, ApiContext } from './context.ts';
import { isLocal } from './caller-address.ts';
import { sendProblem } from './problems.ts';
import { openEndpoint } from './endpoint.ts';
import { createReadiness } from './readiness.ts';

const Status = z.object({ status: z.string() });

export function healthRoutes(api: Api, context: ApiContext): void {
  const mustBeReady = createReadiness(context);
  openEndpoint(
    api,
    {
      method: 'get',
      path: '/healthz',
      summary: 'The process lives',
      scope: null,
      unlimited: true,
      answers: { 200: Status },
    },
    ({ c }) => c.json({ status: 'ok' }),
  );
  openEndpoint(
    api,
    {
      method: 'get',
      path: '/readyz',
      summary: 'Orders can be settled; else 503 with a `reason`: `damaged` or `not_writable`',
      scope: null,
      unlimited: true,
      answers: { 200: Status },
    },
    async ({ c }) => {
      await mustBeReady();
      return c.json({ status: 'ready' });
    },
  );
}

/** `GET /metrics`: for this machine alone unless it is public. */
export function metricsRoute(api: Api, { metrics, metricsPublic }: ApiContext): void {
  if (!metrics) return;
  api.get('/metrics', async (c) => {
    if (!metricsPublic && !isLocal(c)) {
      return sendProblem(c, { code: 'not_found', detail: 'There is nothing at this address.' });
    }
    return c.body(await metrics.text(), 200, { 'content-type': metrics.type });
  });
}
