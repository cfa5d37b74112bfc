// Calls made from the description alone, right ones and spoilt ones, one after the other on one server: whatever comes,
// the answer is as described (the rig holds it against the description), and never a fault of ours.
// FUZZ_SEED and FUZZ_RUNS play another game.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { newKey, openRig, type Rig } from './rig.ts';

vi.setConfig({ testTimeout: 300_000 });
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_260_101);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500);

type Schema = Record<string, unknown>;
const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: z.record(z.string(), z.unknown()),
});
const Operation = z.looseObject({
  'x-scope': z.enum(['none', 'account', 'finance', 'service', 'admin']),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .object({
      content: z.object({ 'application/json': z.object({ schema: z.record(z.string(), z.unknown()) }) }),
    })
    .optional(),
});
const Document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

let rig: Rig;
let components: Record<string, Schema>;
let calls: { method: string; path: string; call: z.output<typeof Operation> }[];
const keys: Record<string, string> = { none: '' };
/** Ids that exist, so that calls reach further than the door. */
const ids: string[] = ['one', 'two'];
let account = '';

beforeAll(async () => {
  rig = await openRig();
  const document = Document.parse((await rig.send('GET', '/openapi.json')).body);
  components = document.components.schemas;
  calls = Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, call]) => ({ method: method.toUpperCase(), path, call })),
    )
    // A stream has no end, and moving the clock moves the world for all that follows.
    .filter(({ path }) => path !== '/events' && path !== '/test/clock');
  for (const scope of ['account', 'finance', 'service', 'admin'] as const) {
    const { principal, apiKey } = await rig.register(scope);
    keys[scope] = apiKey;
    if (principal.account) account = principal.account;
  }
  const bought = await rig.call(keys['account'] ?? '', 'POST', '/credits/purchases', {
    amount: '1000',
    method: 'usdc',
  });
  ids.push(String(bought.body.id), account);
  await rig.webhook({
    type: 'payment.succeeded',
    data: { purchase_id: bought.body.id, payment_id: 'pay-1', amount: '1000' },
  });
});
afterAll(() => rig.close());

const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e3',
    '0.0000001',
    '9223372036854.775808',
    '１',
    ' 1',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
  ),
  fc.constantFrom(null, true, -1, 0.5, 1e308, Number.MAX_SAFE_INTEGER, [], {}, { toString: 1 }, [[[]]]),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values that a schema allows, as far as the description says it. */
function fits(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  const {
    $ref,
    enum: words,
    type,
    pattern,
    format,
    minimum,
    maximum,
    oneOf,
    anyOf,
    items,
    properties,
    required,
  } = schema;
  if (typeof $ref === 'string') return fits(components[$ref.split('/').at(-1) ?? ''] ?? {}, name);
  const choices = oneOf ?? anyOf;
  // Parts of a schema are schemas.
  if (Array.isArray(choices)) return fc.oneof(...choices.map((choice) => fits(choice as Schema, name)));
  if (Array.isArray(words)) return fc.constantFrom(...words);
  const types = Array.isArray(type) ? type : [type];
  const one = (kind: unknown): fc.Arbitrary<unknown> => {
    switch (kind) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
      case 'number':
        return fc.integer({
          min: typeof minimum === 'number' ? minimum : 0,
          max: typeof maximum === 'number' ? Math.min(maximum, 10_000) : 10_000,
        });
      case 'array':
        return fc.array(fits((items ?? {}) as Schema), { minLength: 1, maxLength: 4 });
      case 'object': {
        const fields = Object.entries((properties ?? {}) as Record<string, Schema>);
        const needed = Array.isArray(required) ? required.map(String) : [];
        return fc.record(Object.fromEntries(fields.map(([field, part]) => [field, fits(part, field)])), {
          requiredKeys: needed,
        });
      }
      case 'string':
        if (format === 'date-time')
          return fc.constantFrom(
            '2026-01-01T00:00:00.000Z',
            '2026-03-01T12:00:00Z',
            '2025-12-31T23:59:59.999Z',
            '2999-01-01T00:00:00Z',
          );
        if (format === 'uri')
          return fc.constantFrom('https://explorer.example/tx/1', 'https://x.example/?a=b#c');
        if (name === 'account_id') return fc.constant(account);
        if (name.endsWith('id')) return fc.constantFrom(...ids);
        if (typeof pattern === 'string' && pattern.includes('\\d{0,12}'))
          return fc.constantFrom('0.01', '1', '2.5', '12.000001', '500');
        if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
        return fc.constantFrom(
          'vm',
          'H100',
          'openai/gpt-oss-120b',
          'standard',
          'running',
          'Europe/Berlin',
          'So11111111111111111111111111111111111111112',
          'a text',
        );
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  };
  return fc.oneof(...types.map(one));
}

interface Played {
  method: string;
  address: string;
  bearer: string;
  key: string | null;
  body: string | undefined;
}

/** One call: its fields as described, and at most one thing spoilt. */
function played({ method, path, call }: (typeof calls)[number]): fc.Arbitrary<Played> {
  const query = call.parameters.filter((parameter) => parameter.in === 'query');
  const schema = call.requestBody?.content['application/json'].schema;
  return fc
    .record({
      id: fc.constantFrom(...ids),
      query: fc.record(Object.fromEntries(query.map(({ name, schema: part }) => [name, fits(part, name)])), {
        requiredKeys: query.filter(({ required }) => required === true).map(({ name }) => name),
      }),
      body: schema ? fits(schema) : fc.constant(undefined),
      spoil: fc.oneof(
        { weight: 4, arbitrary: fc.constant('nothing') },
        {
          weight: 5,
          arbitrary: fc.constantFrom('id', 'query', 'field', 'surplus', 'body', 'json', 'key', 'bearer'),
        },
      ),
      value: nasty,
      place: fc.nat(9),
    })
    .map(({ id, query, body, spoil, value, place }): Played => {
      const word = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
      const search = new URLSearchParams(Object.entries(query).map(([name, part]) => [name, String(part)]));
      if (spoil === 'query') search.set([...search.keys()][place] ?? 'limit', word);
      let sent: unknown = body;
      if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
        const names = Object.keys(body);
        if (spoil === 'field' && names.length > 0)
          sent = { ...body, [names[place % names.length] ?? '']: value };
        if (spoil === 'surplus') sent = { ...body, [word.slice(0, 20)]: value };
      }
      if (spoil === 'body') sent = value;
      const text = sent === undefined || method === 'GET' ? undefined : JSON.stringify(sent);
      const own = keys[call['x-scope']] ?? '';
      const other = Object.values(keys)[place % 5] ?? '';
      return {
        method,
        address: `${path.replace('{id}', () => encodeURIComponent(spoil === 'id' ? word || 'x' : id))}${search.size > 0 ? `?${search.toString()}` : ''}`,
        bearer: spoil === 'bearer' ? other : own,
        key: spoil === 'key' ? (place > 4 ? null : word.replaceAll(/[^\x20-\x7e]/g, '?')) : newKey(),
        body: spoil === 'json' ? text?.slice(0, -1) : text,
      };
    });
}

test('whatever is called, and however: an answer as described', async () => {
  const seen = new Map<number, number>();
  const called = new Set<string>();
  const any = fc
    .constantFrom(...calls)
    .chain((one) => played(one).map((call) => ({ ...call, path: `${one.method} ${one.path}` })));
  await fc.assert(
    fc.asyncProperty(any, async ({ method, address, bearer, key, body, path }) => {
      const {
        status,
        headers,
        body: answer,
      } = await rig.send(method, address, {
        headers: {
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          ...(key !== null && { 'idempotency-key': key }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
      });
      expect(status).toBeLessThan(500);
      if (status >= 400) expect(headers.get('content-type')).toBe('application/problem+json');
      else called.add(path);
      if (status === 201 && typeof answer.id === 'string') ids.push(answer.id);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      // Finance closed the account, or a chargeback did: it opens again, or the rest of the game ends at its door.
      if (answer.code === 'account_closed' || answer.code === 'account_suspended')
        await rig.call(keys['finance'] ?? '', 'PATCH', `/finance/accounts/${account}`, { state: 'active' });
    }),
    { seed: SEED, numRuns: RUNS },
  );
  expect(rig.logged.filter(({ level }) => level === 'error')).toEqual([]);
  // The game reaches deep: most calls succeed at least once, and refusals are of many kinds.
  expect(called.size).toBeGreaterThan(calls.length / 2);
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404]));
});
