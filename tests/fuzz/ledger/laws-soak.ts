// Long run of the laws: node tests/fuzz/ledger/laws-soak.ts [cases = 2000 of each law] [seed = now]. Exits 1 on a law
// that is broken, with its seed and the smallest case that shows it.
import { LAWS } from './laws.ts';

const cases = Number(process.argv[2] ?? 2_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: node tests/fuzz/ledger/laws-soak.ts [cases] [seed]');
  process.exit(2);
}

console.info(`laws: ${cases} cases of each from seed ${seed}`);
for (const { name, check } of LAWS) {
  const started = performance.now();
  try {
    check({ numRuns: cases, seed });
  } catch (error) {
    console.error(`laws: broken: ${name}`);
    console.error(error);
    process.exit(1);
  }
  console.info(`laws: ${name}: ${cases} cases, ${Math.round((performance.now() - started) / 1_000)} s`);
}
