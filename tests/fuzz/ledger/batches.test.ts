// Group commit: however the same orders are cut into batches, the same answers and the same bytes come out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Core, rulesOf } from './core.ts';
import { generate } from './generate.ts';
import { PEOPLE } from './step.ts';
import { Store } from './store.ts';
import { termsOf } from './terms.ts';

const STEPS = 80;

test('any batching gives the same answers and the same bytes', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: STEPS, maxLength: STEPS });
  fc.assert(
    fc.property(fc.nat(), sizes, (seed, sizes) => {
      const single = new Core(termsOf(seed), PEOPLE);
      for (const step of generate(seed, STEPS)) single.step(step);

      const again = new Store(rulesOf(termsOf(seed)));
      const outcomes = again.settle(single.asked.slice(0, PEOPLE.length));
      for (const size of sizes) {
        outcomes.push(...again.settle(single.asked.slice(outcomes.length, outcomes.length + size)));
      }
      expect(outcomes).toEqual(single.outcomes);
      expect(again.accounts).toEqual(single.accounts);
    }),
    { numRuns: 150 },
  );
});
