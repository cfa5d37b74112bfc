// The devices that are signed in to an account, and signing one of them out from afar.
import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../../shared/time.ts';
import type { Api, ApiContext } from './context.ts';
import { endpoint } from './endpoint.ts';
import { CallerId } from './fields.ts';
import { PageAnswer } from './pages.ts';

const SessionAnswer = z
  .object({
    id: z.string(),
    device_id: z.string(),
    device_name: z.string(),
    created_at: z.string(),
    last_seen_at: z.string(),
    /** Whether it is the session that asks. */
    current: z.boolean(),
  })
  .openapi('Session');

export function sessionRoutes(api: Api, { identity }: ApiContext): void {
  endpoint(
    api,
    identity,
    {
      method: 'get',
      path: '/sessions',
      summary: 'Signed-in devices, last seen first',
      scope: 'account',
      answers: { 200: PageAnswer(SessionAnswer) },
    },
    async ({ c, caller, account }) => {
      const items = (await identity.listSessions(account)).map((session) => ({
        id: session.id,
        device_id: session.device,
        device_name: session.deviceName,
        created_at: toRfc3339(session.createdAt),
        last_seen_at: toRfc3339(session.lastSeenAt),
        current: session.id === caller.session,
      }));
      return c.json({ items, next_cursor: null });
    },
  );

  endpoint(
    api,
    identity,
    {
      method: 'delete',
      path: '/sessions/{id}',
      summary: 'Sign a device out; its sockets close within a second',
      scope: 'account',
      key: 'needed',
      params: z.strictObject({ id: CallerId }),
      answers: { 204: null },
    },
    async ({ c, account, params }) => {
      await identity.revokeSession(params.id, account);
      return c.body(null, 204);
    },
  );
}
