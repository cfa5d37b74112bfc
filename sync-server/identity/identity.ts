// The door of the room: who may call, with what, and for how long. Runs on real time, whatever clock the rules follow.
import { randomBytes } from 'node:crypto';
import { readBalance } from '../../shared/money.ts';
import { type Clock, type Ms, SECOND } from '../../shared/time.ts';
import { type Scope, SCOPES } from '../ledger/command.ts';
import type { LedgerEvents } from '../ledger/events.ts';
import type { Database } from '../ledger/storage/database.ts';
import { ACCESS_TOKEN_LIFE, createAccessTokens } from './access-tokens.ts';
import { type Caller, unauthenticated } from './caller.ts';
import { createPrincipals, type Principal, type Principals } from './principals.ts';
import { isSecret, type Random } from './secrets.ts';
import { createSessions, type Session, type SignedIn } from './sessions.ts';
import { loadSigningKeys } from './signing-keys.ts';

/** A revocation by another process is noticed within this; by this process, at once. */
const LOOK_AGAIN: Ms = SECOND;
const REMEMBERED = 20_000;

/** `POST /auth/token` and `/auth/refresh`: what a device gets. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: Ms;
  account: string | null;
  device: string;
  scope: Scope;
}

export interface Identity {
  principals: Principals;
  /** Exchanges an API key for the tokens of a device. @throws Refusal `unauthenticated` */
  signIn(apiKey: string, device: { id?: string; name: string }): Promise<Tokens>;
  /** Rotates: the parent stays good until its child is used, then showing it ends the family. @throws Refusal `unauthenticated` */
  refresh(refreshToken: string): Promise<Tokens>;
  /** Signs out the device that holds this refresh token; an unknown one is already signed out. */
  signOut(refreshToken: string): Promise<void>;
  /** Ends a session; with `account`, only when it is this account's. @throws Refusal `not_found` */
  revokeSession(id: string, account?: string): Promise<void>;
  listSessions(account: string): Promise<Session[]>;
  /** Those of these sessions that have ended, in whichever process that was. */
  endedAmong(sessions: readonly string[]): Promise<string[]>;
  /** A new key for a principal; whatever was signed in with the old one is signed out. @throws Refusal `not_found` */
  rotate(id: string): ReturnType<Principals['rotate']>;
  /** Ends a principal and its sessions. @throws Refusal `not_found` */
  revoke(id: string): Promise<void>;
  /** Who a bearer (API key or access token) is, right now. @throws Refusal `unauthenticated` */
  verify(bearer: string): Promise<Caller>;
  /** New signing key; tokens signed by the old one stay good until they end. */
  rollover(): Promise<void>;
}

export interface IdentityOptions {
  database: Database;
  events: LedgerEvents;
  /** Real time. */
  clock: Clock;
  secretsKey: Uint8Array;
  random?: Random;
}

/** A small memory of look-ups, each good for LOOK_AGAIN. */
function remember<T>(clock: Clock, lookUp: (key: string) => Promise<T>) {
  const known = new Map<string, { at: Ms; value: T }>();
  let forgotten = 0;
  return {
    async get(key: string): Promise<T> {
      const found = known.get(key);
      if (found && clock.now() - found.at < LOOK_AGAIN) return found.value;
      const at = clock.now();
      const since = forgotten;
      const value = await lookUp(key);
      // What was read before a revocation may not outlive it.
      if (since !== forgotten) return value;
      known.delete(key);
      if (known.size >= REMEMBERED) known.delete(known.keys().next().value ?? '');
      known.set(key, { at, value });
      return value;
    },
    forget() {
      forgotten += 1;
      known.clear();
    },
  };
}

/** @throws SealError when SECRETS_KEY is not the one this database was sealed with */
export async function createIdentity(options: IdentityOptions): Promise<Identity> {
  const { database, events, clock, secretsKey, random = randomBytes } = options;
  const principals = createPrincipals({ database, clock, random });
  const sessions = createSessions({ database, events, clock, random });
  const keys = await loadSigningKeys({ database, clock, random, secretsKey });
  const accessTokens = createAccessTokens(keys, clock);

  const byKey = remember(clock, (apiKey) => principals.byKey(apiKey));
  const bySession = remember(clock, async (session): Promise<Caller | null> => {
    const [row] = await database.read(
      `select s.account, s.device, p.id, p.scope, p.services, p.cap from session s join principal p on p.id = s.principal
       where s.id = $1 and s.revoked_at is null and p.revoked_at is null`,
      [session],
    );
    const scope = row && SCOPES.find((known) => known === row.scope);
    if (!scope) return null;
    const services: unknown = JSON.parse(String(row.services));
    return {
      principal: String(row.id),
      account: row.account === null ? null : String(row.account),
      scope,
      device: String(row.device),
      session,
      services: Array.isArray(services) ? services.map(String) : [],
      ...(typeof row.cap === 'bigint' && { cap: row.cap }),
      expiresAt: null,
    };
  });
  events.on('revoked', bySession.forget);

  function callerOf(principal: Principal): Caller {
    const { id, account, scope, services } = principal;
    const cap = principal.cap === null ? {} : { cap: readBalance(principal.cap) };
    return { principal: id, account, scope, device: null, session: null, services, ...cap, expiresAt: null };
  }

  async function tokensOf({ session, refreshToken }: SignedIn): Promise<Tokens> {
    const caller = await bySession.get(session.id);
    if (!caller) throw unauthenticated();
    const { scope } = caller;
    const subject = session.account ?? session.principal;
    const claims = { subject, device: session.device, session: session.id, scope };
    const accessToken = await accessTokens.issue(claims);
    const { account, device } = session;
    return { accessToken, refreshToken, expiresIn: ACCESS_TOKEN_LIFE, account, device, scope };
  }

  return {
    principals,
    async signIn(apiKey, device) {
      const principal = isSecret('iog_', apiKey) ? await byKey.get(apiKey) : null;
      if (!principal) throw unauthenticated('This API key is not valid.');
      return tokensOf(await sessions.start(principal, device));
    },
    async refresh(refreshToken) {
      return tokensOf(await sessions.refresh(refreshToken));
    },
    async signOut(refreshToken) {
      const session = await sessions.byRefreshToken(refreshToken);
      if (session) await sessions.revoke(session);
    },
    revokeSession: (id, account) => sessions.revoke(id, account),
    listSessions: (account) => sessions.list(account),
    endedAmong: (ids) => sessions.endedAmong(ids),
    async rotate(id) {
      const renewed = await principals.rotate(id);
      byKey.forget();
      await sessions.revokeAll(id);
      return renewed;
    },
    async revoke(id) {
      await principals.revoke(id);
      byKey.forget();
      await sessions.revokeAll(id);
    },
    async verify(bearer) {
      if (isSecret('iog_', bearer)) {
        const principal = await byKey.get(bearer);
        if (!principal) throw unauthenticated();
        return callerOf(principal);
      }
      const claims = await accessTokens.verify(bearer);
      const caller = await bySession.get(claims.session);
      if (!caller) throw unauthenticated('This device is signed out. Sign in again.');
      return { ...caller, expiresAt: claims.expiresAt };
    },
    rollover: () => keys.rollover(),
  };
}
