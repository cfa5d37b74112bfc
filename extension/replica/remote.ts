// What no book says and a person asks for now: plans on offer, signed-in devices. Asked with this device's token.
import { type Ms, SECOND } from '../../shared/time.ts';
import { NoTokenError, type Session } from './session.ts';

const TIMEOUT: Ms = 10 * SECOND;

/** Calls that a page may have made; nothing else leaves with the token. */
export const REMOTE_CALLS =
  /^(GET \/(plans|sessions|credits\/check\?amount=[\d.]+(&service=\w+)?)|DELETE \/(sessions\/[A-Za-z0-9._:-]{1,64}|sources\/ionet))$/;
/** The one call with a body: it carries a key, so that no message of `remote` can make it. */
export const CONNECT_IONET = 'PUT /sources/ionet';

/** `refused`: the server understood and said no. */
export type RemoteAnswer =
  | { ok: true; body: unknown }
  | { ok: false; error: 'signed_out' | 'offline' | 'refused' };

export type Remote = (call: string, body?: object) => Promise<RemoteAnswer>;

/** @param deps.id an idempotency key, new with every call */
export function createRemote(deps: { fetch: typeof fetch; session: Session; id: () => string }): Remote {
  return async (call, body) => {
    const server = deps.session.record?.server;
    const [method = '', path = ''] = call.split(' ');
    const isAllowed = body ? call === CONNECT_IONET : REMOTE_CALLS.test(call);
    if (server === undefined || !isAllowed) return { ok: false, error: 'refused' };
    try {
      const token = await deps.session.accessToken();
      const answer = await deps.fetch(`${server}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(method !== 'GET' && { 'idempotency-key': deps.id() }),
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (!answer.ok) return { ok: false, error: answer.status >= 500 ? 'offline' : 'refused' };
      return { ok: true, body: answer.status === 204 ? null : await answer.json() };
    } catch (error) {
      const isSignedOut = error instanceof NoTokenError && error.reason === 'signed_out';
      return { ok: false, error: isSignedOut ? 'signed_out' : 'offline' };
    }
  };
}
