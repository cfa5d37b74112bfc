// Whether the server lives, whether it can answer, and how it does.
import { z } from '@hono/zod-openapi';
import type { Api, ApiContext } from './context.ts';
import { isLocal } from './caller-address.ts';
import { sendProblem } from './problems.ts';
import { openEndpoint } from './endpoint.ts';

const Status = z.object({ status: z.string() });

export function healthRoutes(api: Api, { ledger }: ApiContext): void {
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
      summary: 'The database answers',
      scope: null,
      unlimited: true,
      answers: { 200: Status },
    },
    async ({ c }) => {
      await ledger.database.read('select 1 as one');
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
