// Who sits at the finance desk: one cookie that no script reads and no other site sends, and a token for each form.
import { hash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { type Caller, unauthenticated } from '../../identity/caller.ts';
import type { Identity, Tokens } from '../../identity/identity.ts';
import { sameText } from '../../identity/secrets.ts';
import { Refusal } from '../../ledger/command.ts';

const COOKIE = 'finance';
// The browser itself holds a __Host- cookie to this host, to TLS (or loopback), and to no domain.
const OPTIONS = { prefix: 'host', path: '/', httpOnly: true, secure: true, sameSite: 'Strict' } as const;
const SHIFT_SECONDS = 12 * 3600;

export interface DeskSession {
  caller: Caller;
  /** What each form of this session carries. */
  token: string;
}

function keep(c: Context, { accessToken, refreshToken }: Tokens, secret: string): void {
  const value = [accessToken, refreshToken, secret].join('~');
  setCookie(c, COOKIE, value, { ...OPTIONS, maxAge: SHIFT_SECONDS });
}

function partsOf(c: Context): [access: string, refresh: string, secret: string] | null {
  const [access, refresh, secret] = (getCookie(c, COOKIE, 'host') ?? '').split('~');
  return access && refresh && secret ? [access, refresh, secret] : null;
}

function tokenOf(secret: string): string {
  return hash('sha256', `form ${secret}`, 'base64url');
}

/** Opens a session for a finance key. @throws Refusal `unauthenticated`, `forbidden` */
export async function signIn(c: Context, identity: Identity, apiKey: string): Promise<Caller> {
  const caller = await identity.verify(apiKey);
  if (caller.scope !== 'finance' || caller.session !== null) {
    throw new Refusal('forbidden', 'This page is for finance keys.');
  }
  keep(c, await identity.signIn(apiKey, { name: 'Finance page' }), randomBytes(32).toString('base64url'));
  return caller;
}

/** The session of a request, renewed when its access has run out; null when nobody is signed in. */
export async function deskSession(c: Context, identity: Identity): Promise<DeskSession | null> {
  const parts = partsOf(c);
  if (!parts) return null;
  const [access, refresh, secret] = parts;
  try {
    const caller = await identity.verify(access).catch(async (error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      const tokens = await identity.refresh(refresh);
      keep(c, tokens, secret);
      return identity.verify(tokens.accessToken);
    });
    return caller.scope === 'finance' ? { caller, token: tokenOf(secret) } : null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    deleteCookie(c, COOKIE, OPTIONS);
    return null;
  }
}

/** The session behind a form that was sent. @throws Refusal `unauthenticated`, `forbidden` for a form of another one */
export async function mustSit(c: Context, identity: Identity, form: URLSearchParams): Promise<DeskSession> {
  const session = await deskSession(c, identity);
  if (!session) throw unauthenticated('Sign in again.');
  if (!sameText(form.get('token') ?? '', session.token)) {
    throw new Refusal('forbidden', 'This form is not from your session. Load the page again.');
  }
  return session;
}

export async function signOut(c: Context, identity: Identity, { caller }: DeskSession): Promise<void> {
  if (caller.session !== null) await identity.revokeSession(caller.session);
  deleteCookie(c, COOKIE, OPTIONS);
}
