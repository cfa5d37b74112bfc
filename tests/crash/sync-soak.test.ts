// A slice of the sync soak: the extension's own replicas, a real server that dies at random and between commit and
// merge, to the very end. The long run is `npm run soak -- --part sync`.
import { expect, test } from 'vitest';
import { random } from '../fuzz/ledger/random.ts';
import { liveThrough } from './sync-life.ts';

test('kills until the end: each proposal is answered once, balances and bytes are equal, nobody honest is healed', async () => {
  const { broken, ...tally } = await liveThrough({
    devices: 3,
    proposals: 40,
    backlog: 110,
    kills: 4,
    killPercent: 2,
    drainMs: 60_000,
    random: random(20_260_101),
  });
  expect(broken).toEqual([]);
  expect(tally.proposals).toBe(3 * (40 + 110));
  expect(tally.kills).toBe(4);
  expect(tally.injected).toBeGreaterThan(0);
  expect(tally.refused).toBeGreaterThan(20);
}, 150_000);
