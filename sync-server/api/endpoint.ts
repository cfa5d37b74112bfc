// One way in for every call: who may, which key, which fields. A route states them and gets them checked and typed.
import type { z } from '@hono/zod-openapi';
import { type Caller, unauthenticated } from '../identity/caller.ts';
import type { Identity } from '../identity/identity.ts';
import { type Actor, PROBLEM_STATUS, Refusal, type Scope } from '../ledger/command.ts';
import { addressOf } from './caller-address.ts';
import type { Api } from './context.ts';
import { type ApiCall, describe, type Endpoint, type Fields, type NONE } from './description.ts';
import { read } from './parse.ts';

export interface Call<P, Q, B> {
  c: ApiCall;
  params: P;
  query: Q;
  body: B;
  /** The Idempotency-Key; undefined when none was sent (or taken). */
  key: string | undefined;
}

/** The caller, as routes with a scope get it; `account` is empty for staff and services. */
export interface Signed {
  caller: Caller;
  actor: Actor;
  account: string;
}

/** The bearer of a request. @throws Refusal `unauthenticated` */
export function bearerOf(c: ApiCall): string {
  const match = /^Bearer +([^\s]+)$/i.exec(c.req.header('authorization') ?? '');
  if (!match?.[1]) throw unauthenticated();
  return match[1];
}

/** Scopes of staff, whose calls are kept. What services do stands in the ledger with their name. */
const AUDITED = new Set<Scope>(['finance', 'admin']);

/** Answers a call and notes it, whatever came of it, before the answer goes out. */
async function audited(
  c: ApiCall,
  { principal, scope }: Caller,
  answer: () => Promise<Response>,
): Promise<Response> {
  const { audit } = c.get('frame');
  const note = (status: number) =>
    audit.note({
      request: c.get('requestId'),
      principal,
      scope,
      action: `${c.req.method} ${c.req.path}`,
      status,
    });
  try {
    const response = await answer();
    await note(response.status);
    return response;
  } catch (error) {
    if (error instanceof Refusal) await note(PROBLEM_STATUS[error.problem.code]);
    throw error;
  }
}

/** The caller of a bearer; who shows wrong ones too often is not even told so any more. */
async function verified(c: ApiCall, identity: Identity): Promise<Caller> {
  try {
    return await identity.verify(bearerOf(c));
  } catch (error) {
    const { limits, trustProxy } = c.get('frame');
    if (error instanceof Refusal) await limits?.takeUnknown(c, addressOf(c, trustProxy), 'get');
    throw error;
  }
}

async function sign(c: ApiCall, identity: Identity, scope: Scope): Promise<Signed> {
  const caller = await verified(c, identity);
  if (caller.scope !== scope) throw new Refusal('forbidden', `This call is for the scope ${scope}.`);
  return {
    caller,
    actor: { principal: caller.principal, scope: caller.scope },
    account: caller.account ?? '',
  };
}

/** Adds a call that anybody may make. */
export function openEndpoint<
  P extends Fields = typeof NONE,
  Q extends Fields = typeof NONE,
  B extends z.ZodType = z.ZodUndefined,
>(
  api: Api,
  end: Endpoint<P, Q, B> & { scope: null },
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Response> | Response,
): void {
  describe(api, end);
  api.on(end.method.toUpperCase(), end.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    c.set('route', end.path);
    const { limits, trustProxy } = c.get('frame');
    if (!limits || end.unlimited) return handle(await read(c, end));
    const address = addressOf(c, trustProxy);
    const call = await read(c, end);
    if (!end.secret) {
      await limits.takeUnknown(c, address, end.method);
      return handle(call);
    }
    const shown = end.secret(call.body) ?? c.req.header('authorization') ?? '';
    await limits.trySignIn(c, address, shown, JSON.stringify([shown, call.body ?? null]));
    try {
      return await handle(call);
    } catch (error) {
      if (error instanceof Refusal && error.problem.code === 'unauthenticated')
        await limits.failedSignIn(address);
      throw error;
    }
  });
}

/** Adds a call for one scope: bearer, then key, then fields are checked, in this order. */
export function endpoint<
  P extends Fields = typeof NONE,
  Q extends Fields = typeof NONE,
  B extends z.ZodType = z.ZodUndefined,
>(
  api: Api,
  identity: Identity,
  end: Endpoint<P, Q, B> & { scope: Scope },
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>> & Signed) => Promise<Response> | Response,
): void {
  describe(api, end);
  api.on(end.method.toUpperCase(), end.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    c.set('route', end.path);
    const signed = await sign(c, identity, end.scope);
    await c.get('frame').limits?.take(c, signed.caller, end.method, end.path);
    const answer = async () => handle({ ...(await read(c, end)), ...signed });
    return AUDITED.has(end.scope) ? audited(c, signed.caller, answer) : answer();
  });
}
