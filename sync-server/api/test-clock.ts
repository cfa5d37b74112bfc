// `POST /test/clock`, only with CLOCK=test.
import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../shared/time.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { Instant } from './fields.ts';

const DUE_AT_ONCE = 256;

export function testClockRoutes(api: Api, { ledger, identity, testClock }: ApiContext): void {
  if (!testClock) return;
  endpoint(
    api,
    identity,
    {
      method: 'post',
      path: '/test/clock',
      summary: 'Move the test clock forward; all that becomes due is settled before the answer',
      scope: 'admin',
      body: z.strictObject({ now: Instant }),
      example: { now: '2026-01-01T00:05:00.000Z' },
      answers: { 200: z.object({ now: z.string() }) },
    },
    async ({ c, body }) => {
      testClock.moveTo(body.now);
      let next = await ledger.runDue(DUE_AT_ONCE);
      while (next !== null && next <= body.now) next = await ledger.runDue(DUE_AT_ONCE);
      return c.json({ now: toRfc3339(testClock.now()) });
    },
  );
}
