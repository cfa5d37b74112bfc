import { expect, test } from 'vitest';
import type { Intent } from '../../../shared/intents.ts';
import type { Order, Outcome } from '../../ledger/command.ts';
import { StorageError } from '../../ledger/storage/database.ts';
import { createSettler, STEP } from './settle.ts';

const log = { error: () => {} };
const unhurried = { wait: () => Promise.resolve() };
const member = (account: string, device: string) => ({
  principal: 'p',
  account,
  device,
  session: device,
  expiresAt: 1e15,
});
const intents = (count: number, prefix: string): Intent[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${prefix}-${String(index).padStart(16, '0')}`,
    kind: 'notice.seen',
    at: index,
    body: { id: 'n' },
  }));

/** A ledger whose every answer comes a turn later; it tells what was asked, by device and step. */
function slowLedger(fails: (order: Order) => Error | null = () => null) {
  const asked: string[] = [];
  let seq = 0;
  return {
    asked,
    async settle(order: Order): Promise<Outcome> {
      asked.push(String(order.intent));
      await new Promise(setImmediate);
      const error = fails(order);
      if (error) throw error;
      return { ok: true, answer: {}, seq: (seq += 1), replayed: false };
    },
  };
}

/** Which device each run of orders came from. */
const runs = (asked: string[]) =>
  asked.map((id) => id.split('-')[0]).filter((name, index, all) => name !== all[index - 1]);

test('a backlog goes in steps, each told with the row that holds its answers', async () => {
  const ledger = slowLedger();
  const told: [string, number][] = [];
  const settler = createSettler(ledger, unhurried, log);
  await settler.settle(intents(2 * STEP + 1, 'a'), member('ann', 'laptop'), async (account, seq) => {
    told.push([account, seq]);
  });
  expect(told).toEqual([
    ['ann', STEP],
    ['ann', 2 * STEP],
    ['ann', 2 * STEP + 1],
  ]);
  expect(ledger.asked).toEqual(intents(2 * STEP + 1, 'a').map(({ id }) => id));
});

test('devices of one account take turns, another account waits for none of them', async () => {
  const ledger = slowLedger();
  const settler = createSettler(ledger, unhurried, log);
  const done: string[] = [];
  const settle = (count: number, name: string, account: string) =>
    settler.settle(intents(count, name), member(account, name), async () => {}).then(() => done.push(name));
  await Promise.all([settle(4 * STEP, 'a', 'ann'), settle(2 * STEP, 'b', 'ann'), settle(1, 'c', 'bob')]);
  expect(runs(ledger.asked.filter((id) => !id.startsWith('c')))).toEqual(['a', 'b', 'a', 'b', 'a']);
  expect(done).toEqual(['c', 'b', 'a']);
});

test('a database that does not answer ends it there; the account’s next device is served all the same', async () => {
  const failing = `a-${String(STEP).padStart(16, '0')}`;
  const ledger = slowLedger(({ intent }) => (intent === failing ? new StorageError('busy') : null));
  const settler = createSettler(ledger, unhurried, log);
  let steps = 0;
  const first = settler.settle(intents(3 * STEP, 'a'), member('ann', 'laptop'), async () => {
    steps += 1;
  });
  const second = settler.settle(intents(1, 'b'), member('ann', 'phone'), async () => {});
  await expect(first).rejects.toThrow(StorageError);
  await second;
  expect(steps).toBe(1);
  expect(ledger.asked).toHaveLength(2 * STEP + 1);
});

test('a fault of ours is answered as one, and holds up nothing', async () => {
  const ledger = slowLedger(({ command }) => (command.kind === 'notice.seen' ? new Error('oops') : null));
  const settler = createSettler(ledger, unhurried, log);
  await settler.settle(intents(2, 'a'), member('ann', 'laptop'), async () => {});
  expect(ledger.asked).toHaveLength(4);
});
