// 200,000 bent updates at the tray's gate; `npm run soak -- --part tray` goes on for as long as it is let.
import { expect, test } from 'vitest';
import { bendMany } from './admit.ts';

const CASES = 200_000;
const SEEDS = [7, 11, 13, 20_260_101];

test.for(SEEDS)('50,000 bent updates, nothing bad is ever merged: seed %i', (seed) => {
  const cases = CASES / SEEDS.length;
  const { admitted, refused, later, wrong } = bendMany(cases, seed);
  expect(wrong).toBeNull();
  // A gate that lets nothing through, or everything, would pass the check above.
  expect(admitted).toBeGreaterThan(cases / 10);
  expect(refused).toBeGreaterThan(cases / 10);
  expect(later).toBeGreaterThan(cases / 100);
});
