// What a request says, read and checked: fields by their schemas, bodies as JSON, the key by its rule.
import { z } from '@hono/zod-openapi';
import { IDEMPOTENCY_KEY } from '../../shared/ids.ts';
import { type ProblemCode, Refusal } from '../ledger/command.ts';
import { BODY_LIMIT, readBody } from './body.ts';
import type { ApiCall, Endpoint, Fields, KeyRule } from './description.ts';
import { NONE } from './description.ts';

const PARAM_CODES = new Set<string>([
  'invalid_amount',
  'amount_precision',
  'amount_too_large',
] satisfies ProblemCode[]);
const MAX_ERRORS = 20;

const NOTHING = z.undefined();
/** JSON is UTF-8: two bodies that differ in broken bytes would else look like one and the same. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

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
  const text = utf8(await readBody(c, BODY_LIMIT));
  if (text === '' && schema.safeParse(undefined).success) return undefined;
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal('invalid_request', 'Send the body with Content-Type: application/json.');
  }
  return fromJson(text);
}

function utf8(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    throw new Refusal('invalid_request', 'The body is not valid UTF-8.');
  }
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

/** Everything that an endpoint's handler gets from a request. @throws Refusal for whatever is wrong first */
export async function read<P extends Fields, Q extends Fields, B extends z.ZodType>(
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
    body: parse(end.body ?? (NOTHING as unknown as B), end.body ? await readJson(c, end.body) : undefined),
  };
}
