// The description itself: valid OpenAPI 3.1, complete, and its examples are right.
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openRig, type Rig } from './rig.ts';

const Operation = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.unknown())),
  'x-scope': z.enum(['none', 'account', 'finance', 'service', 'admin']),
  requestBody: z
    .object({
      content: z.object({
        'application/json': z.object({
          schema: z.record(z.string(), z.unknown()),
          example: z.unknown().optional(),
        }),
      }),
    })
    .optional(),
  responses: z.record(z.string(), z.unknown()),
});
const Document = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

let rig: Rig;
let document: z.output<typeof Document>;
let calls: { name: string; call: z.output<typeof Operation> }[];

beforeAll(async () => {
  rig = await openRig();
  document = Document.parse((await rig.send('GET', '/openapi.json')).body);
  calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => ({ name: `${method.toUpperCase()} ${path}`, call })),
  );
});
afterAll(() => rig.close());

test('it is valid OpenAPI 3.1', async () => {
  // The validator changes what it reads.
  const result = await new Validator().validate(structuredClone(document));
  expect(result).toMatchObject({ valid: true });
});

test('every call has a name of its own, says who may make it, and what goes wrong', () => {
  expect(calls.length).toBeGreaterThan(60);
  expect(new Set(calls.map(({ call }) => call.operationId)).size).toBe(calls.length);
  for (const { name, call } of calls) {
    expect(call.responses, name).toHaveProperty('4XX');
    expect(call.security.length, name).toBe(call['x-scope'] === 'none' ? 0 : 1);
  }
});

test('every body has an example, and it is right', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', components: document.components });
  for (const { name, call } of calls) {
    const json = call.requestBody?.content['application/json'];
    if (!json) continue;
    const isEmpty = JSON.stringify(json.schema['properties']) === '{}' || json.schema['type'] === undefined;
    if (json.example === undefined) {
      expect(isEmpty, `${name} has no example`).toBe(true);
      continue;
    }
    const schema = JSON.parse(JSON.stringify(json.schema).replaceAll('"#/components/', '"api#/components/'));
    expect(ajv.validate(schema, json.example), `${name}: ${ajv.errorsText()}`).toBe(true);
  }
});

// contract.md, HTTP: the calls for programs, without the pages. PUT and DELETE /sources/ionet come with their source.
const PROMISED = `
  POST /auth/token · POST /auth/refresh · POST /auth/revoke
  GET /credits · GET /credits/check · GET /credits/transactions · GET /credits/transactions/{id} · GET /credits/transactions/{id}/proof
  POST /credits/purchases · GET /credits/purchases/{id}
  POST /credits/withdrawals · GET /credits/withdrawals · GET /credits/withdrawals/{id} · DELETE /credits/withdrawals/{id}
  GET /finance/withdrawals · POST /finance/withdrawals/{id}/approve · POST /finance/withdrawals/{id}/reject
  POST /finance/withdrawals/{id}/send · POST /finance/withdrawals/{id}/paid · POST /finance/withdrawals/{id}/fail
  POST /finance/grants · POST /finance/purchases/{id}/dispute · POST /finance/adjustments · POST /finance/reversals
  POST /finance/suspense/{id}/match · PATCH /finance/accounts/{id} · POST /webhooks/payments · GET /prices
  POST /deployments · GET /deployments · GET /deployments/{id} · POST /deployments/{id}/extend · DELETE /deployments/{id}
  POST /service/holds · GET /service/holds/{id} · POST /service/holds/{id}/capture · POST /service/holds/{id}/void
  POST /service/charges · GET /service/charges/{id} · POST /service/charges/{id}/refunds · POST /service/usage
  POST /service/deployments/{id}/status · GET /plans · GET /plan · PUT /plan
  GET /notifications · POST /notifications/{id}/seen · GET /profile · PATCH /profile · GET /alerts · PUT /alerts
  GET /wallets · POST /wallets · DELETE /wallets/{id} · POST /wallets/{id}/primary · GET /acknowledgments · POST /acknowledgments
  GET /intents/{id} · GET /events · GET /sessions · DELETE /sessions/{id} · POST /test/clock · GET /healthz · GET /readyz`;

test('nothing that was promised is missing', () => {
  const promised = PROMISED.split(/[·\n]/)
    .map((call) => call.trim())
    .filter(Boolean);
  const names = new Set(calls.map(({ name }) => name));
  expect(promised.filter((call) => !names.has(call))).toEqual([]);
});
