// Long differential run: node tests/fuzz/ledger/soak.ts [operations = 1000000] [seed = now]. Exits 1 on a
// disagreement, with its seed and the shortest script that shows it.
import { explain, play } from './differential.ts';
import { generate } from './generate.ts';
import { termsOf } from './terms.ts';

const operations = Number(process.argv[2] ?? 1_000_000);
const first = Number(process.argv[3] ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(operations) || !Number.isSafeInteger(first)) {
  console.error('usage: node tests/fuzz/ledger/soak.ts [operations] [seed]');
  process.exit(2);
}

const PROGRESS_EVERY_MS = 10_000;
const started = performance.now();
let told = started;
let done = 0;
console.info(`soak: ${operations} operations from seed ${first}`);
for (let seed = first; done < operations; seed += 1) {
  // Lengths differ, so that some stories stay young and some grow old.
  const steps = generate(seed, 20 + (seed % 7) * 20);
  if (play(steps, termsOf(seed))) {
    console.error(`seed ${seed}, ${steps.length} steps:\n${explain(steps, termsOf(seed))}`);
    process.exit(1);
  }
  done += steps.length;
  const now = performance.now();
  if (now - told < PROGRESS_EVERY_MS) continue;
  told = now;
  console.info(`${done} operations, ${Math.round(done / ((now - started) / 1000))}/s, at seed ${seed}`);
}
console.info(`soak: ${done} operations agree, ${Math.round((performance.now() - started) / 1000)} s`);
