// One way in for every call: who may, which key, which fields. A route states them and gets them checked and typed.
import type { Context } from 'hono';
import { z } from '@hono/zod-openapi';
import { IDEMPOTENCY_KEY } from '../../shared/ids.ts';
import { type Caller, unauthenticated } from '../identity/caller.ts';
import type { Identity } from '../identity/identity.ts';
import { type Actor, PROBLEM_STATUS, type ProblemCode, Refusal, type Scope } from '../ledger/command.ts';
import { BODY_LIMIT, readBody } from './body.ts';
import { addressOf } from './caller-address.ts';
import type { Api, ApiEnv } from './context.ts';
import { PROBLEM_JSON } from './problems.ts';

type ApiCall = Context<ApiEnv>;
type Fields = z.ZodObject;
const NONE = z.strictObject({});

/**
 * How a call says that it is the same call again: `needed` a mutation without an id of its own, `optional` a mutation
 * whose body carries a caller id (which is then the key), `none` everything that changes nothing twice.
 */
type KeyRule = 'needed' | 'optional' | 'none';

export interface Endpoint<P extends Fields, Q extends Fields, B extends z.ZodType> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/credits/purchases/{id}`. */
  path: string;
  summary: string;
  /** The one scope that may call; null for everybody. */
  scope: Scope | null;
  key?: KeyRule;
  params?: P;
  query?: Q;
  body?: B;
  /** Answers by status, for the description. */
  answers: Record<number, z.ZodType | null>;
  /** Not counted against anybody: whether the server lives. */
  unlimited?: boolean;
  /** Other media types that a 200 may come in, as text. */
  media?: string[];
}

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

const PARAM_CODES = new Set<string>([
  'invalid_amount',
  'amount_precision',
  'amount_too_large',
] satisfies ProblemCode[]);
const MAX_ERRORS = 20;

/** Turns what zod found into one refusal: the first amount problem by its own code, all of them listed. */
function refusalOf(error: z.ZodError): Refusal {
  const errors = error.issues.slice(0, MAX_ERRORS).map((issue) => ({
    field: issue.path.map(String).join('.').slice(0, 200),
    detail: issue.message.slice(0, 200),
  }));
  for (const issue of error.issues) {
    const code: unknown = issue.code === 'custom' ? issue.params?.problem : undefined;
    // A set of ProblemCodes, so a member is one.
    if (PARAM_CODES.has(String(code))) return new Refusal(code as ProblemCode, issue.message, { errors });
  }
  const [first] = errors;
  const where = first?.field ? `Field ${first.field}: ` : '';
  const detail = first?.detail ?? 'The request is malformed.';
  return new Refusal('invalid_request', where + detail, { errors });
}

function parse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const result = schema.safeParse(input);
  if (!result.success) throw refusalOf(result.error);
  return result.data;
}

/** The body as JSON; undefined for an empty one, where a schema allows that. */
async function readJson(c: ApiCall, schema: z.ZodType): Promise<unknown> {
  const text = new TextDecoder().decode(await readBody(c, BODY_LIMIT));
  if (text === '' && schema.safeParse(undefined).success) return undefined;
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal('invalid_request', 'Send the body with Content-Type: application/json.');
  }
  return fromJson(text);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('invalid_request', 'The body is not valid JSON.');
  }
}

/** Reads a JSON body that is already in hand, as endpoints read theirs. @throws Refusal */
export function parseBody<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  return parse(schema, fromJson(text));
}

function keyOf(c: ApiCall, rule: KeyRule): string | undefined {
  if (rule === 'none') return undefined;
  const key = c.req.header('idempotency-key');
  if (key === undefined || key === '') {
    if (rule === 'optional') return undefined;
    throw new Refusal(
      'idempotency_key_missing',
      'Send an Idempotency-Key of 16 to 64 characters, new for each intent.',
    );
  }
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new Refusal('invalid_request', 'An Idempotency-Key is 16 to 64 visible characters.');
  }
  return key;
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

const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
  })
  .openapi('Problem');

function describe<P extends Fields, Q extends Fields, B extends z.ZodType>(
  api: Api,
  end: Endpoint<P, Q, B>,
): void {
  const problem = {
    description: 'Refused, with a stable code',
    content: { [PROBLEM_JSON]: { schema: Problem } },
  };
  const media = Object.fromEntries((end.media ?? []).map((type) => [type, { schema: z.string() }]));
  const answers = Object.entries(end.answers).map(([status, schema]) => {
    const content = { ...(schema && { 'application/json': { schema } }), ...(status === '200' && media) };
    return [status, { description: 'Done', ...(Object.keys(content).length > 0 && { content }) }];
  });
  const key = { 'idempotency-key': z.string().min(16).max(64) };
  api.openAPIRegistry.registerPath({
    method: end.method,
    path: end.path,
    summary: end.summary,
    ...(end.scope ? { security: [{ bearer: [] }], description: `Scope: ${end.scope}` } : {}),
    request: {
      ...(end.params ? { params: end.params } : {}),
      ...(end.query ? { query: end.query } : {}),
      ...(end.body
        ? { body: { required: true, content: { 'application/json': { schema: end.body } } } }
        : {}),
      ...(end.key === 'needed' ? { headers: z.object(key) } : {}),
      ...(end.key === 'optional' ? { headers: z.object(key).partial() } : {}),
    },
    responses: { ...Object.fromEntries(answers), default: problem },
  });
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
  const isSignIn = end.path.startsWith('/auth/');
  api.on(end.method.toUpperCase(), end.path.replaceAll(/\{(\w+)\}/g, ':$1'), async (c) => {
    const { limits, trustProxy } = c.get('frame');
    if (!limits || end.unlimited) return handle(await read(c, end));
    const address = addressOf(c, trustProxy);
    const call = await read(c, end);
    if (!isSignIn) {
      await limits.takeUnknown(c, address, end.method);
      return handle(call);
    }
    await limits.trySignIn(c, address, JSON.stringify(call.body ?? null));
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
    const signed = await sign(c, identity, end.scope);
    await c.get('frame').limits?.take(c, signed.caller, end.method, end.path);
    const answer = async () => handle({ ...(await read(c, end)), ...signed });
    return AUDITED.has(end.scope) ? audited(c, signed.caller, answer) : answer();
  });
}

async function read<P extends Fields, Q extends Fields, B extends z.ZodType>(
  c: ApiCall,
  end: Endpoint<P, Q, B>,
) {
  const key = keyOf(c, end.key ?? 'none');
  return {
    c,
    key,
    // A schema that is not given takes nothing, which is what its type parameter says.
    params: parse(end.params ?? (NONE as unknown as P), end.params ? c.req.param() : {}),
    query: parse(end.query ?? (NONE as unknown as Q), c.req.query()),
    body: parse(
      end.body ?? (z.undefined() as unknown as B),
      end.body ? await readJson(c, end.body) : undefined,
    ),
  };
}
