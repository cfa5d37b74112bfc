// What a route states about itself, and how that reads in the OpenAPI document.
import type { Context } from 'hono';
import { z } from '@hono/zod-openapi';
import { PROBLEM_STATUS, type ProblemCode, type Scope } from '../ledger/command.ts';
import type { Api, ApiEnv } from './context.ts';
import { PROBLEM_JSON } from './problems.ts';

export type ApiCall = Context<ApiEnv>;
export type Fields = z.ZodObject;
/** The fields of a call that takes none. */
export const NONE = z.strictObject({});

/**
 * How a call says that it is the same call again: `needed` a mutation without an id of its own, `optional` a mutation
 * whose body carries a caller id (which is then the key), `none` everything that changes nothing twice.
 */
export type KeyRule = 'needed' | 'optional' | 'none';

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
  /** For signing in and out: what the body shows to be let in; without it, the bearer. */
  secret?: (body: z.output<B>) => string | undefined;
  /** A right body, for the description. */
  example?: unknown;
  /** Answers by status, for the description. */
  answers: Record<number, z.ZodType | null>;
  /** Not counted against anybody: whether the server lives. */
  unlimited?: boolean;
  /** Other media types that a 200 may come in, as text. */
  media?: string[];
}

// All keys of the table are codes.
const CODES = Object.keys(PROBLEM_STATUS) as [ProblemCode, ...ProblemCode[]];
const Problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(CODES),
  })
  .openapi('Problem', {
    example: {
      type: 'urn:io-glance:problem:not_found',
      title: 'Not found',
      status: 404,
      detail: 'There is no such purchase.',
      code: 'not_found',
    },
  });

const refused = (description: string) => ({ description, content: { [PROBLEM_JSON]: { schema: Problem } } });
/** What any call may answer besides its own answers. */
export const PROBLEMS = {
  '4XX': refused('Refused, with a stable code'),
  '503': refused('The database did not answer; ask again with the same key'),
};

const GROUPS: Record<string, string> = {
  auth: 'Signing in',
  sessions: 'Signing in',
  credits: 'Credits',
  deployments: 'Deployments',
  prices: 'Prices and plans',
  plans: 'Prices and plans',
  plan: 'Prices and plans',
  service: 'For services',
  finance: 'For finance',
  webhooks: 'For payment providers',
  healthz: 'Server',
  readyz: 'Server',
  test: 'Server',
};

/** The group of a path, for readers. */
export function tagOf(path: string): string {
  return GROUPS[path.split('/')[1] ?? ''] ?? 'Account';
}

/** `post_credits_purchases`: the name that generated clients use. */
export function operationIdOf(method: string, path: string): string {
  return [method, ...path.split(/[^A-Za-z0-9]+/)].filter(Boolean).join('_');
}

const KEY = {
  'idempotency-key': z.string().min(16).max(64).openapi({ example: '01900000-0000-7000-8000-000000000000' }),
};

const isNeeded = (body: z.ZodType) => !body.safeParse(undefined).success;

/** Adds a route to the description. */
export function describe<P extends Fields, Q extends Fields, B extends z.ZodType>(
  api: Api,
  end: Endpoint<P, Q, B>,
): void {
  const media = Object.fromEntries((end.media ?? []).map((type) => [type, { schema: z.string() }]));
  const answers = Object.entries(end.answers).map(([status, schema]) => {
    const content = { ...(schema && { 'application/json': { schema } }), ...(status === '200' && media) };
    return [status, { description: 'Done', ...(Object.keys(content).length > 0 && { content }) }];
  });
  const body = end.body && {
    schema: end.body,
    ...(end.example === undefined ? {} : { example: end.example }),
  };
  api.openAPIRegistry.registerPath({
    method: end.method,
    path: end.path,
    operationId: operationIdOf(end.method, end.path),
    tags: [tagOf(end.path)],
    summary: end.summary,
    'x-scope': end.scope ?? 'none',
    security: end.scope ? [{ bearer: [] }] : [],
    ...(end.scope ? { description: `Scope: ${end.scope}` } : {}),
    request: {
      ...(end.params ? { params: end.params } : {}),
      ...(end.query ? { query: end.query } : {}),
      ...(body ? { body: { required: isNeeded(body.schema), content: { 'application/json': body } } } : {}),
      ...(end.key === 'needed' ? { headers: z.object(KEY) } : {}),
      ...(end.key === 'optional' ? { headers: z.object(KEY).partial() } : {}),
    },
    responses: { ...Object.fromEntries(answers), ...PROBLEMS },
  });
}
