// Signing devices in and out: an API key becomes short-lived tokens.
import { z } from '@hono/zod-openapi';
import { SECOND } from '../../shared/time.ts';
import type { Tokens } from '../identity/identity.ts';
import { Refusal } from '../ledger/command.ts';
import type { Api, ApiContext } from './context.ts';
import { bearerOf, openEndpoint } from './endpoint.ts';
import { Text } from './fields.ts';

const Secret = z.string().min(1).max(512);
// As documents are named after devices, the colon is not for them.
const DeviceId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -');

const TokenAnswer = z
  .object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.number(),
    refresh_token: z.string(),
    account_id: z.string().nullable(),
    device_id: z.string(),
    scope: z.string(),
  })
  .openapi('Tokens');

function answerOf(tokens: Tokens): z.infer<typeof TokenAnswer> {
  return {
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn / SECOND,
    refresh_token: tokens.refreshToken,
    account_id: tokens.account,
    device_id: tokens.device,
    scope: tokens.scope,
  };
}

export function authRoutes(api: Api, { identity }: ApiContext): void {
  openEndpoint(
    api,
    {
      method: 'post',
      path: '/auth/token',
      summary: 'Sign a device in with an API key',
      scope: null,
      body: z.strictObject({
        api_key: Secret,
        device: z.strictObject({ id: DeviceId.optional(), name: Text(100) }).optional(),
      }),
      secret: ({ api_key }) => api_key,
      example: { api_key: 'iog_your-api-key', device: { name: 'Laptop' } },
      answers: { 200: TokenAnswer },
    },
    async ({ c, body }) => {
      const { id, name } = body.device ?? { id: undefined, name: 'Device' };
      return c.json(
        answerOf(await identity.signIn(body.api_key, id === undefined ? { name } : { id, name })),
      );
    },
  );

  openEndpoint(
    api,
    {
      method: 'post',
      path: '/auth/refresh',
      summary: 'Exchange a refresh token for new tokens; the old one stays good until the new one is used',
      scope: null,
      body: z.strictObject({ refresh_token: Secret }),
      secret: ({ refresh_token }) => refresh_token,
      example: { refresh_token: 'ior_your-refresh-token' },
      answers: { 200: TokenAnswer },
    },
    async ({ c, body }) => c.json(answerOf(await identity.refresh(body.refresh_token))),
  );

  openEndpoint(
    api,
    {
      method: 'post',
      path: '/auth/revoke',
      summary: 'Sign a device out: by its refresh token, or the calling device by its access token',
      scope: null,
      body: z.strictObject({ refresh_token: Secret.optional() }).optional(),
      secret: (body) => body?.refresh_token,
      example: { refresh_token: 'ior_your-refresh-token' },
      answers: { 204: null },
    },
    async ({ c, body }) => {
      if (body?.refresh_token !== undefined) {
        await identity.signOut(body.refresh_token);
        return c.body(null, 204);
      }
      const { session } = await identity.verify(bearerOf(c));
      if (!session) throw new Refusal('invalid_request', 'An API key has no device to sign out.');
      await identity.revokeSession(session);
      return c.body(null, 204);
    },
  );
}
