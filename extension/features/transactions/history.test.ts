import { expect, test } from 'vitest';
import type { Entry } from '../../../shared/account.ts';
import type { PageAnswer } from '../../view/messages.ts';
import { History } from './history.ts';

const HASH = '0'.repeat(64);
const entry = (n: number): Entry => ({
  n,
  id: `e${n}`,
  at: n * 1000,
  service: 'vm',
  type: 'usage',
  amount: '-1',
  balance: String(10_000 - n),
  status: 'completed',
});
const range = (from: number, until: number) =>
  Array.from({ length: until - from + 1 }, (_, index) => entry(from + index));

function source(total: number) {
  const asked: number[] = [];
  const read = async (k: number): Promise<PageAnswer> => {
    asked.push(k);
    const entries = range(k * 500 + 1, Math.min(total, k * 500 + 500)).map((one) => ({
      ...one,
      hash: HASH,
      private_digest: HASH,
    }));
    return { ok: true, page: { k, sealed: entries.length === 500, prev: HASH, entries } };
  };
  return { asked, read };
}

test('pages are read from the newest down, each once, until all are here', async () => {
  const { asked, read } = source(1_230);
  const history = new History(read);
  history.tell(1_230, range(1_181, 1_230));
  expect(history.entries).toHaveLength(50);
  while (!history.complete) await history.more();
  expect(asked).toEqual([2, 1, 0]);
  expect(history.entries.map(({ n }) => n)).toEqual(
    range(1, 1_230)
      .map(({ n }) => n)
      .reverse(),
  );
});

test('two callers share one read; new entries stand in front at once', async () => {
  const { asked, read } = source(600);
  const history = new History(read);
  history.tell(600, range(551, 600));
  await Promise.all([history.more(), history.more()]);
  expect(asked).toEqual([1]);
  history.tell(601, range(552, 601));
  expect(history.entries[0]?.n).toBe(601);
  expect(history.entries).toHaveLength(101);
});

test('after a long sleep the gap below the newest fifty is read before anything older', async () => {
  const { asked, read } = source(2_000);
  const history = new History(read);
  history.tell(700, range(651, 700));
  history.tell(2_000, range(1_951, 2_000));
  expect(history.entries).toHaveLength(50);
  await history.more();
  expect(asked).toEqual([3]);
  expect(history.entries.at(-1)?.n).toBe(1_501);
});

test('offline is said, and the next try goes on', async () => {
  const { read } = source(700);
  let isOnline = false;
  const history = new History(async (k) => (isOnline ? read(k) : { ok: false, error: 'offline' }));
  history.tell(700, range(651, 700));
  await history.more();
  expect(history.error).toBe('offline');
  expect(history.loading).toBe(false);
  isOnline = true;
  history.forgive();
  expect(history.error).toBeNull();
  await history.more();
  expect(history.entries).toHaveLength(200);
});
