import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Cluster } from '../../shared/clusters.ts';
import type { Command, SourceReport } from '../ledger/command.ts';
import { newKey, openRig, type Rig } from './rig.ts';

const KEY = 'io-key-0123456789';
const AT = '2026-01-01T00:00:00.000Z';
/** A cluster as a connector reports it. */
const TOLD: Cluster = {
  id: 'c1',
  source: 'ionet',
  name: 'mine',
  type: 'container',
  status: 'running',
  device: 'H100',
  quantity: 2,
  hourly: '3',
  hours: 4,
  created_at: AT,
  started_at: AT,
  ends_at: null,
  ended_at: null,
  held: '0',
  paid: '24',
  served: '0',
  refunded: '0',
  refundable: '0',
  served_ms: 0,
  as_of: AT,
  deadline: null,
  shortfall: null,
  reason: null,
  more: { brand_name: 'NVIDIA' },
};

let rig: Rig;
let ann: string;
let keys: Map<string, string>;

beforeEach(async () => {
  keys = new Map();
  rig = await openRig({
    connections: {
      connect: async (account, apiKey) => void keys.set(account, apiKey),
      disconnect: async (account) => void keys.delete(account),
    },
  });
  ann = (await rig.register()).apiKey;
});
afterEach(() => rig.close());

const call = (method: string, body?: object, key = newKey()) =>
  rig.call(ann, method, '/sources/ionet', body, { 'idempotency-key': key });

test('a key goes in, and no answer brings it back', async () => {
  const put = await call('PUT', { api_key: ` ${KEY} ` });
  expect(put).toMatchObject({ status: 200, body: { ionet: { state: 'connecting', key: null } } });
  expect([...keys.values()]).toEqual([KEY]);
  expect(JSON.stringify([put.body, rig.logged])).not.toContain(KEY);
  const gone = await call('DELETE');
  expect(gone).toMatchObject({ status: 200, body: { ionet: null } });
  expect(keys.size).toBe(0);
  expect((await call('DELETE')).status).toBe(200);
});

test('what runs there stands among the deployments, and cannot be ended or extended here', async () => {
  await call('PUT', { api_key: KEY });
  const account = [...keys.keys()][0] ?? '';
  const report = { state: 'connected', missing: [], key: null, keys: null } satisfies Partial<SourceReport>;
  const clusters = [{ cluster: TOLD, detailed_at: null }];
  const actor = { principal: 'ionet', scope: 'system' } as const;
  const command: Command = { kind: 'source.report', source: 'ionet', ...report, clusters };
  await rig.ledger.settle({ account, actor, command });
  expect((await rig.call(ann, 'GET', '/deployments?status=live')).body).toMatchObject({
    items: [{ id: 'c1', source: 'ionet', status: 'running', more: { brand_name: 'NVIDIA' } }],
  });
  expect((await rig.call(ann, 'GET', '/deployments/c1')).body).toMatchObject({ id: 'c1', name: 'mine' });
  expect((await rig.call(ann, 'DELETE', '/deployments/c1')).status).toBe(404);
  expect((await rig.call(ann, 'POST', '/deployments/c1/extend', { hours: 1 })).status).toBe(404);
  const { apiKey: bob } = await rig.register();
  expect((await rig.call(bob, 'GET', '/deployments/c1')).status).toBe(404);
});

test('replays change nothing, however late they come', async () => {
  const [first, ended] = [newKey(), newKey()];
  await call('PUT', { api_key: KEY }, first);
  expect(await call('PUT', { api_key: 'io-another-key-1' }, first)).toMatchObject({
    status: 422,
    body: { code: 'idempotency_key_reuse' },
  });
  await call('DELETE', undefined, ended);
  // Neither does a late replay connect again, nor one that disconnects end a later connection.
  expect((await call('PUT', { api_key: KEY }, first)).status).toBe(200);
  expect(keys.size).toBe(0);
  await call('PUT', { api_key: 'io-second-key-1' });
  await call('DELETE', undefined, ended);
  await call('PUT', { api_key: KEY }, first);
  expect([...keys.values()]).toEqual(['io-second-key-1']);
});

test.each([
  {},
  { api_key: '' },
  { api_key: 'short' },
  { api_key: 'two words' },
  { api_key: `x${'y'.repeat(1024)}` },
])('%j is no key', async (body) => {
  expect(await call('PUT', body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect(keys.size).toBe(0);
});

test('where no accounts are connected, there is nothing at this address', async () => {
  const bare = await openRig();
  try {
    const { apiKey } = await bare.register();
    expect(await bare.call(apiKey, 'PUT', '/sources/ionet', { api_key: KEY })).toMatchObject({ status: 404 });
  } finally {
    await bare.close();
  }
});
