// What the tests of this room stand on: a real ledger in a folder of its own, the app without a socket, clocks in hand.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { SECOND } from '../../shared/time.ts';
import { type Registration, registryOf } from '../identity/accounts.ts';
import { createIdentity } from '../identity/identity.ts';
import { DEFAULT_RULES } from '../ledger/decide.ts';
import { openLedger } from '../ledger/open.ts';
import { createAudit } from '../identity/audit.ts';
import { contractOf } from './contract.ts';
import { createApi } from './api.ts';
import type { ApiContext, Catalogue } from './context.ts';
import { createTestClock } from './movable-clock.ts';

const bytes = (seed: number) => Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + seed) % 256));
export const OLD_SECRET = `whsec_${bytes(1).toString('base64')}`;
export const NEW_SECRET = `whsec_${bytes(2).toString('base64')}`;
export const FOREIGN_SECRET = `whsec_${bytes(3).toString('base64')}`;

/** What the tests' server sells. */
export const CATALOGUE: Catalogue = {
  devices: [
    { type: 'vm', device: 'H100', hourly: 2_000_000n, available: 8 },
    { type: 'ray', device: 'RTX 4090', hourly: 300_000n, available: 100 },
  ],
  models: [{ model: 'openai/gpt-oss-120b', input: 40_000n, output: 400_000n }],
};

const Body = z.record(z.string(), z.unknown());

export interface Answer {
  status: number;
  headers: Headers;
  body: z.infer<typeof Body>;
}

let keys = 0;
/** A fresh Idempotency-Key. */
export function newKey(): string {
  keys += 1;
  return `key-${String(keys).padStart(16, '0')}`;
}

export type Rig = Awaited<ReturnType<typeof openRig>>;

export interface RigOptions {
  /** A fault of ours is what the test is about. */
  faulty?: boolean;
  /** A PostgreSQL in place of a fresh SQLite file; two rigs on one are two servers. */
  databaseUrl?: string | undefined;
}

/** Opens everything; `close` takes it down again. A fault of ours fails the test, unless it is a `faulty` rig. */
export async function openRig(
  override: Partial<ApiContext> = {},
  { faulty = false, databaseUrl }: RigOptions = {},
) {
  const dataDir = await mkdtemp(join(tmpdir(), 'glance-api-'));
  const testClock = createTestClock();
  const ledger = await openLedger({ dataDir, databaseUrl, clock: testClock, rules: DEFAULT_RULES });
  let realNow = Date.UTC(2026, 5, 1);
  const identity = await createIdentity({
    database: ledger.database,
    events: ledger.events,
    clock: { now: () => realNow },
    secretsKey: bytes(4),
  });
  const logged: { level: string; facts: object; message: string }[] = [];
  const note = (level: string) => (facts: object, message: string) =>
    void logged.push({ level, facts, message });
  const api = createApi({
    ledger,
    identity,
    log: { error: note('error'), warn: note('warn'), debug: note('debug') },
    clock: testClock,
    testClock,
    rules: DEFAULT_RULES,
    catalogue: CATALOGUE,
    webhookSecrets: [OLD_SECRET],
    payments: null,
    connections: null,
    realClock: { now: () => realNow },
    limits: null,
    audit: createAudit(ledger.database, { now: () => realNow }, { info: note('info') }),
    metrics: null,
    metricsPublic: false,
    trustProxy: false,
    stopping: new AbortController().signal,
    extensionOrigins: null,
    ...override,
  });

  // Whatever a test asks, the answer must be as the description says.
  const request = api.request.bind(api);
  const contract = contractOf(await (await request('/openapi.json')).json());
  api.request = async (input, init) => {
    const response = await request(input, init);
    const address = typeof input === 'object' && 'url' in input ? input.url : String(input);
    if (response.status !== 500 || !faulty) await contract.check(init?.method ?? 'GET', address, response);
    return response;
  };

  async function send(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await api.request(path, { method, ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: Body.parse(isJson ? JSON.parse(text) : {}),
    };
  }

  return {
    api,
    ledger,
    identity,
    testClock,
    logged,
    send,
    /** Lets real time pass. */
    pass(ms: number) {
      realNow += ms;
    },
    register: (scope: Registration['scope'] = 'account', services: Registration['services'] = []) =>
      registryOf(ledger, identity).register({ name: 'Ann', scope, services }),
    /** A person with an account, and the key to it. */
    async person() {
      const { apiKey, principal } = await this.register();
      return { apiKey, account: principal.account ?? '' };
    },
    /** A call with a JSON body, a key and a bearer. */
    call(apiKey: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const json = body === undefined ? {} : { body: JSON.stringify(body) };
      return send(method, path, {
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(method === 'GET' ? {} : { 'idempotency-key': newKey() }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...json,
      });
    },
    /** A payment message as the provider would send it. */
    webhook(
      body: string | object,
      {
        id = `msg_${newKey()}`,
        secret = OLD_SECRET,
        at = testClock.now(),
        headers = {},
      }: {
        id?: string;
        secret?: string;
        at?: number;
        headers?: Record<string, string>;
      } = {},
    ) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return send('POST', '/webhooks/payments', {
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(Math.floor(at / SECOND)),
          'webhook-signature': new Webhook(secret).sign(id, new Date(at), text),
          ...headers,
        },
        body: text,
      });
    },
    async close() {
      await ledger.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
