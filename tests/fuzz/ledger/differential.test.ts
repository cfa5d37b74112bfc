// 50,000 operations on the core and on the model side by side, compared after each: fixed seeds, and one of today.
import { expect, test } from 'vitest';
import { explain, play } from './differential.ts';
import { generate } from './generate.ts';
import { termsOf } from './terms.ts';

const STEPS = 60;
const FIXED_RUNS = 820;
const FRESH_RUNS = 20;

/** The story of the first seed on which they disagree; null when they agree on all. */
function firstDisagreement(from: number, runs: number): string | null {
  for (let seed = from; seed < from + runs; seed += 1) {
    const steps = generate(seed, STEPS);
    if (play(steps, termsOf(seed))) return `seed ${seed}\n${explain(steps, termsOf(seed))}`;
  }
  return null;
}

// Four parts, so that a failure is found without waiting for the rest.
test.for([0, 1, 2, 3])('the core agrees with the model on fixed seeds, part %i of 0-3', (part) => {
  const runs = FIXED_RUNS / 4;
  expect(firstDisagreement(1 + part * runs, runs)).toBeNull();
});

test('the core agrees with the model on seeds of today', () => {
  const seed = Date.now() % 2 ** 31;
  console.info(`differential: seeds from ${seed}`);
  expect(firstDisagreement(seed, FRESH_RUNS)).toBeNull();
});
