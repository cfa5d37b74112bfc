import { expect, test } from 'vitest';
import { random } from '../fuzz/ledger/random.ts';
import { flipBytes } from './flips.ts';

test('15 flipped bytes of file and log: each start tells exactly what was true, or refuses clearly', async () => {
  const { flips, refused, readOnly } = await flipBytes({ flips: 15, random: random(4_700) });
  expect(flips).toBe(15);
  expect(refused).toBeGreaterThan(2);
  expect(readOnly).toBeGreaterThan(0);
}, 120_000);
