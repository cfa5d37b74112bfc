import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_HASH } from '../../shared/chain.ts';
import { EntryProof, proveEntry } from '../../shared/proof.ts';
import type { Command } from '../ledger/command.ts';
import { openRig, type Rig } from './rig.ts';

let rig: Rig;
let ann: Awaited<ReturnType<Rig['register']>>;
let bob: Awaited<ReturnType<Rig['register']>>;

beforeAll(async () => {
  rig = await openRig();
  ann = await rig.register();
  bob = await rig.register();
});
afterAll(() => rig.close());

/** Settles as a tray would. */
function propose(who: typeof ann, intent: string, command: Command) {
  const account = who.principal.account ?? '';
  const actor = { principal: who.principal.id, scope: 'account' } as const;
  return rig.ledger.settle({ account, actor, command, key: intent, intent });
}

const buy = { kind: 'purchase.start', amount: 5_000_000n, method: 'usdc' } as const;
const cancel = { kind: 'withdrawal.cancel', id: 'none' } as const;

test('a device that was away for weeks still learns what became of its proposals', async () => {
  const accepted = await propose(ann, 'intent-accepted-1', buy);
  const refused = await propose(ann, 'intent-refused-01', cancel);
  // Far more answers than a book keeps.
  for (let index = 0; index < 80; index += 1)
    await propose(ann, `intent-later-${String(index).padStart(4, '0')}`, buy);

  const first = await rig.call(ann.apiKey, 'GET', '/intents/intent-accepted-1');
  expect(first.status).toBe(200);
  expect(first.body).toEqual({
    intent: 'intent-accepted-1',
    seq: accepted.seq,
    at: '2026-01-01T00:00:00.000Z',
  });
  const second = await rig.call(ann.apiKey, 'GET', '/intents/intent-refused-01');
  expect(second.body).toMatchObject({
    intent: 'intent-refused-01',
    seq: refused.seq,
    code: 'withdrawal_not_found',
    entry: { type: 'refused', amount: '0', intent: 'intent-refused-01', at: '2026-01-01T00:00:00.000Z' },
  });
});

test('an order that came over HTTP under the same key is the same order', async () => {
  const headers = { 'idempotency-key': 'intent-over-http-1' };
  const made = await rig.call(
    ann.apiKey,
    'POST',
    '/credits/purchases',
    { amount: '5', method: 'usdc' },
    headers,
  );
  expect(made.status).toBe(201);
  expect(await propose(ann, 'intent-over-http-1', buy)).toMatchObject({ ok: true, replayed: true });
  const { status, body } = await rig.call(ann.apiKey, 'GET', '/intents/intent-over-http-1');
  expect([status, body['intent'], body['code']]).toEqual([200, 'intent-over-http-1', undefined]);
});

test('what nobody proposed, and what another proposed, is not found', async () => {
  expect((await rig.call(ann.apiKey, 'GET', '/intents/intent-unknown-01')).status).toBe(404);
  expect((await rig.call(bob.apiKey, 'GET', '/intents/intent-accepted-1')).status).toBe(404);
  expect((await rig.call(ann.apiKey, 'GET', `/intents/${'x'.repeat(65)}`)).status).toBe(400);
});

test('every entry proves itself, and a proof that was touched does not', async () => {
  const items = await rig.call(ann.apiKey, 'GET', '/credits/transactions');
  const [entry] = items.body['items'] as { id: string }[];
  const { status, body } = await rig.call(ann.apiKey, 'GET', `/credits/transactions/${entry?.id}/proof`);
  expect(status).toBe(200);
  const proof = EntryProof.parse(body);
  expect(proof.prev).toBe(NO_HASH);
  expect(proof.head.n).toBe(1);
  expect(await proveEntry(proof)).toBe(true);
  expect(await proveEntry({ ...proof, entry: { ...proof.entry, amount: '1' } })).toBe(false);

  for (let index = 0; index < 3; index += 1) await propose(ann, `intent-refused-${index}-more`, cancel);
  const later = await rig.call(ann.apiKey, 'GET', '/credits/transactions');
  for (const { id } of later.body['items'] as { id: string }[]) {
    const answer = await rig.call(ann.apiKey, 'GET', `/credits/transactions/${id}/proof`);
    expect(await proveEntry(EntryProof.parse(answer.body))).toBe(true);
  }
  expect((await rig.call(bob.apiKey, 'GET', `/credits/transactions/${entry?.id}/proof`)).status).toBe(404);
});
