// Whether the server lives, and whether it can answer.
import { z } from '@hono/zod-openapi';
import type { Api, ApiContext } from './context.ts';
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
