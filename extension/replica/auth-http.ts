// The three calls that a device makes to sign in, stay signed in and sign out. Contract: `POST /auth/*`.
import * as v from 'valibot';
import type { Clock, Ms } from '../../shared/time.ts';
import { SECOND } from '../../shared/time.ts';

const TIMEOUT: Ms = 10 * SECOND;
const MAX_ANSWER = 16_384;

const GrantAnswer = v.object({
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  expires_in: v.pipe(v.number(), v.minValue(1)),
  refresh_token: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  account_id: v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  device_id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
});

/** What a successful call brings; `clock_offset` is server minus device in ms, null when the token does not say. */
export interface Grant {
  access: string;
  access_until: Ms;
  refresh: string;
  account_id: string;
  device_id: string;
  clock_offset: Ms | null;
}

/**
 * Why a call brought nothing: `refused` the server does not accept the key or token, `unreachable` no answer,
 * `unavailable` the server asks to come back later, `not_a_server` something else answers at this address,
 * `no_account` the key is a staff's or a service's and has no credits to show.
 */
export type AuthFailure = 'refused' | 'unreachable' | 'unavailable' | 'not_a_server' | 'no_account';
export type AuthResult = { ok: true; grant: Grant } | { ok: false; failure: AuthFailure };

export interface AuthHttp {
  exchange(server: string, apiKey: string, device: { id?: string; name: string }): Promise<AuthResult>;
  refresh(server: string, refreshToken: string): Promise<AuthResult>;
  /** Best effort: a token that cannot be revoked now runs out by itself. */
  revoke(server: string, refreshToken: string): Promise<void>;
}

export function createAuthHttp(deps: { fetch: typeof fetch; clock: Clock }): AuthHttp {
  const post = (server: string, path: string, body: object) =>
    deps.fetch(`${server}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      // A redirect could carry the key to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });

  async function grantFrom(server: string, path: string, body: object): Promise<AuthResult> {
    const sent = deps.clock.now();
    let answer: Response;
    let text: string;
    try {
      answer = await post(server, path, body);
      text = await answer.text();
    } catch {
      return { ok: false, failure: 'unreachable' };
    }
    if (!answer.ok) return { ok: false, failure: failureOf(answer.status) };
    return readGrant(text, sent, deps.clock.now());
  }

  return {
    exchange: (server, apiKey, device) => grantFrom(server, '/auth/token', { api_key: apiKey, device }),
    refresh: (server, refreshToken) => grantFrom(server, '/auth/refresh', { refresh_token: refreshToken }),
    async revoke(server, refreshToken) {
      try {
        await post(server, '/auth/revoke', { refresh_token: refreshToken });
      } catch {
        // Offline: the tokens are forgotten here all the same.
      }
    },
  };
}

function failureOf(status: number): AuthFailure {
  if (status === 400 || status === 401 || status === 403 || status === 422) return 'refused';
  return status === 408 || status === 425 || status === 429 || status >= 500 ? 'unavailable' : 'not_a_server';
}

function readGrant(text: string, sent: Ms, received: Ms): AuthResult {
  const parsed = v.safeParse(GrantAnswer, readJson(text));
  if (!parsed.success) return { ok: false, failure: 'not_a_server' };
  const { access_token, refresh_token, expires_in, account_id, device_id } = parsed.output;
  if (account_id === null) return { ok: false, failure: 'no_account' };
  const issued = issuedAt(access_token);
  return {
    ok: true,
    grant: {
      access: access_token,
      access_until: sent + expires_in * SECOND,
      refresh: refresh_token,
      account_id,
      device_id,
      // `iat` is whole seconds: half a second centres the error.
      clock_offset: issued === null ? null : Math.round(issued + SECOND / 2 - (sent + received) / 2),
    },
  };
}

function readJson(text: string): unknown {
  if (text.length > MAX_ANSWER) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const Claims = v.object({ iat: v.number() });

/** When the server issued a token (its own clock, ms); unverified, so good for a countdown's offset only. */
function issuedAt(token: string): Ms | null {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const claims = v.safeParse(Claims, JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))));
    return claims.success ? claims.output.iat * SECOND : null;
  } catch {
    return null;
  }
}
