// For tests: every answer is held against /openapi.json. An undocumented status, type or field is a failure.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';

const Content = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));
const Described = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({ responses: z.record(z.string(), z.object({ content: Content.optional() })) }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

const PROBLEM = 'application/problem+json';
/** Pages for people, and metrics, are no part of the contract for programs. */
const NO_CALL = /^\/(docs|finance|metrics|openapi\.json|finance\/desk\/.*|pay\/.*|assets\/.*)$/;

/** Closes every object that lists its fields: an answer with one more is not what was described. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return 'properties' in parts && !('additionalProperties' in parts)
    ? { ...parts, additionalProperties: false }
    : parts;
}

export interface Contract {
  /** @throws Error when the answer is not as described */
  check(method: string, address: string, response: Response): Promise<void>;
}

export function contractOf(document: unknown): Contract {
  const { paths, components } = Described.parse(document);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  ajv.addFormat('uri', (text) => URL.canParse(text));
  ajv.addSchema({ $id: 'api', ...z.record(z.string(), z.unknown()).parse(closed({ components })) });
  const validators = new Map<string, ValidateFunction>();

  const templates = Object.keys(paths)
    .map((path) => ({ path, shape: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))
    // The more is fixed, the better it fits.
    .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);

  function validator(name: string, schema: unknown): ValidateFunction {
    const known = validators.get(name);
    if (known) return known;
    const text = JSON.stringify(closed(schema)).replaceAll('"#/components/', '"api#/components/');
    const made = ajv.compile(JSON.parse(text));
    validators.set(name, made);
    return made;
  }

  return {
    async check(method, address, response) {
      const [path = ''] = address.split('?');
      if (NO_CALL.test(path)) return;
      const { status } = response;
      const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
      const template = templates.find(({ shape }) => shape.test(path));
      // HEAD is answered as GET is, without the body.
      const isHead = method === 'HEAD';
      const call = template && paths[template.path]?.[isHead ? 'get' : method.toLowerCase()];
      const what = `${method} ${template?.path ?? path}`;
      const where = call?.responses ?? { '404': {}, '405': {}, '204': {} };
      const answer = where[String(status)] ?? where[`${Math.floor(status / 100)}XX`];
      if (!answer) throw new Error(`${what} answered ${status}, which is not described.`);
      if (status >= 400 && type !== PROBLEM)
        throw new Error(`${what} answered ${status} as ${type}, no problem document.`);
      if (!call || isHead || status === 204) return;
      const schema = answer.content?.[type]?.schema;
      if (!schema) throw new Error(`${what} answered ${status} as ${type}, which is not described.`);
      if (!type.endsWith('json')) return;
      const validate = validator(`${what} ${status < 400 ? status : 'problem'}`, schema);
      const body: unknown = await response.clone().json();
      if (!validate(body)) {
        throw new Error(
          `${what} answered ${status} with ${ajv.errorsText(validate.errors)}: ${JSON.stringify(body)}`,
        );
      }
    },
  };
}

/** By the server's origin: its description, read once. */
const contracts = new Map<string, Promise<Contract>>();

function contractAt(origin: string): Promise<Contract> {
  const known = contracts.get(origin);
  if (known) return known;
  const read = async () => contractOf(await (await fetch(`${origin}/openapi.json`)).json());
  const made = read();
  contracts.set(origin, made);
  return made;
}

/** `fetch` from a real server, whose answers are held against its own description. @throws Error as `check` does */
export async function checkedFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const { url, method } = new Request(input, init?.method === undefined ? {} : { method: init.method });
  const { origin, pathname, search } = new URL(url);
  await (await contractAt(origin)).check(method, pathname + search, response);
  return response;
}
