// What became of a proposal that the book no longer tells: `GET /intents/{id}`, after a long absence.
import * as v from 'valibot';
import { type Ms, SECOND } from '../../shared/time.ts';
import type { Outcome } from './outbox.ts';

const TIMEOUT: Ms = 10 * SECOND;
const IntentAnswer = v.object({ seq: v.number(), code: v.optional(v.pipe(v.string(), v.maxLength(64))) });

/** Null while nobody can tell: no network, no such proposal yet, or an answer that is none. */
export type Lookup = (server: string, token: string, id: string) => Promise<Outcome | null>;

export function createLookup(deps: { fetch: typeof fetch }): Lookup {
  return async (server, token, id) => {
    try {
      const answer = await deps.fetch(`${server}/intents/${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${token}` },
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT),
      });
      const found: unknown = answer.ok ? await answer.json() : null;
      return v.is(IntentAnswer, found) ? found : null;
    } catch {
      return null;
    }
  };
}
