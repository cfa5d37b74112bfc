// CLOCK=test: the rules' time stands still until somebody moves it forward.
import { z } from '@hono/zod-openapi';
import { type Clock, type Ms, toRfc3339 } from '../../shared/time.ts';
import { Refusal } from '../ledger/command.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { Instant } from './fields.ts';

/** Where a test clock starts. */
export const TEST_EPOCH: Ms = Date.UTC(2026, 0, 1);
const DUE_AT_ONCE = 256;

export interface TestClock extends Clock {
  /** @throws Refusal `invalid_request` for an instant before the present one */
  moveTo(at: Ms): void;
}

export function createTestClock(): TestClock {
  let present = TEST_EPOCH;
  return {
    now: () => present,
    moveTo(at) {
      if (at < present)
        throw new Refusal('invalid_request', 'Time goes forward only.', { now: toRfc3339(present) });
      present = at;
    },
  };
}

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
