// 20,000 entries and 10,000 proposals of one account: book, tray and databases weigh what they weighed at the start.
// A million entries are in the soak.
import { expect, test } from 'vitest';
import { grow } from './lib/growth.ts';

test('nothing that a device holds grows with the history', async () => {
  const { samples, broken } = await grow({ entries: 20_000, proposals: 10_000, samples: 4 });
  expect(broken).toEqual([]);
  expect(samples.map(({ entries }) => entries)).toEqual([5_000, 10_000, 15_000, 20_000]);
}, 240_000);
