import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClient, IonetError, retryAfterOf } from './client.ts';
import { deployment, type Fault, type StandIn, startStandIn } from './stand-in.ts';

const KEY = 'io-key-0123456789';
const clock = { now: () => Date.UTC(2026, 0, 1) };

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.stop());

const client = (apiKey = KEY) => createClient({ baseUrl: standIn.url, apiKey, clock, answerWithin: 150 });

async function failure(ask: () => Promise<unknown>): Promise<IonetError> {
  const error: unknown = await ask().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof IonetError)) throw new Error(`no IonetError but ${String(error)}`);
  return error;
}

test('all documented answers are understood', async () => {
  standIn.keys.set('io-manager-key-1', 'manager');
  standIn.caas = [deployment('c1', { extra: { cluster_kind: 'ray' } })];
  const { items, skipped } = await client().deployments('caas');
  expect(skipped).toBe(0);
  expect(items).toMatchObject([{ id: 'c1', status: 'running', hardware_quantity: 2, cluster_kind: 'ray' }]);
  expect(await client().deployment('caas', 'c1')).toMatchObject({
    created_at: Date.UTC(2026, 0, 1),
    started_at: Date.UTC(2026, 0, 1, 0, 5),
    finished_at: null,
    amount_paid: 27_880_000n,
    total_gpus: 2,
  });
  const wish = { locations: [1], hardware: 203, hours: 4, gpus: 2, replicas: 1 };
  expect(await client().price('vmaas', wish)).toMatchObject({ total_cost_usdc: 721_000n, ionet_fee: 1_800n });
  expect(standIn.asked.at(-1)).toBe(
    '/enterprise/v1/io-cloud/vmaas/price?location_ids=%5B1%5D&hardware_id=203&duration_hours=4&gpus_per_vm=2&replica_count=1',
  );
  expect(await client().ownKey()).toMatchObject({ credit_used: 1_250_000n, credit_limit: 10_000_000n });
  expect(await client('io-manager-key-1').allKeys()).toHaveLength(2);
  expect(await client().models()).toEqual(['openai/gpt-oss-120b']);
});

test('250 deployments come in three pages', async () => {
  standIn.vmaas = Array.from({ length: 250 }, (_, index) => deployment(`v${index}`));
  const { items } = await client().deployments('vmaas');
  expect(new Set(items.map(({ id }) => id)).size).toBe(250);
  expect(standIn.asked).toHaveLength(3);
});

test('pages that move while they are read: nothing is missed', async () => {
  standIn.caas = Array.from({ length: 150 }, (_, index) => deployment(`c${index}`));
  let moves = 0;
  standIn.afterPage = () => {
    // A new one comes in front, and one of the first page ends: what was 100th is now on the page already read.
    if ((moves += 1) === 1) standIn.caas = standIn.caas.slice(1);
    if (moves === 3) standIn.caas = [deployment('new'), ...standIn.caas];
  };
  const { items } = await client().deployments('caas');
  const ids = new Set(items.map(({ id }) => id));
  for (const { id } of standIn.caas) expect(ids, id).toContain(id);
});

test('a deployment that cannot be read takes no other with it', async () => {
  standIn.caas = [deployment('good'), deployment('bad', { hardware_quantity: -1 })];
  const { items, skipped } = await client().deployments('caas');
  expect(items.map(({ id }) => id)).toEqual(['good']);
  expect(skipped).toBe(1);
});

const faults: [Fault, string][] = [
  [{ status: 401 }, 'key_refused'],
  [{ status: 403 }, 'not_allowed'],
  [{ status: 422, detail: [{ loc: ['query'], msg: 'too long', type: 'x' }] }, 'rejected'],
  [{ status: 429 }, 'limited'],
  [{ status: 500 }, 'unavailable'],
  [{ status: 503 }, 'unavailable'],
  ['slow', 'unavailable'],
  ['cut', 'unavailable'],
  ['malformed', 'malformed'],
  ['other shape', 'malformed'],
  ['redirect', 'unavailable'],
];
test.each(faults)('%j is %s', async (fault, kind) => {
  standIn.fault = () => fault;
  expect((await failure(() => client().deployments('caas'))).failure).toBe(kind);
});

test('how long to wait, in seconds or as a date', async () => {
  standIn.fault = () => ({ status: 429, retryAfter: '30' });
  expect((await failure(() => client().ownKey())).retryAfter).toBe(30_000);
  const now = Date.UTC(2026, 0, 1);
  expect(retryAfterOf('Thu, 01 Jan 2026 00:02:00 GMT', now)).toBe(120_000);
  expect(retryAfterOf('Thu, 01 Jan 1970 00:00:00 GMT', now)).toBe(0);
  expect(retryAfterOf('999999999', now)).toBe(86_400_000);
  expect(retryAfterOf('soon', now)).toBeNull();
  expect(retryAfterOf(null, now)).toBeNull();
});

test('no error says the key, not even when io.net repeats it', async () => {
  const error = await failure(() => client('io-wrong-key-99').ownKey());
  expect(error.failure).toBe('key_refused');
  expect(error.message).toBe('io.net answered 401: Invalid key [key]');
});
