// Long byte fuzz of the tray's gate: node tests/fuzz/admit-soak.ts [cases = 10000000, 0 for no end] [seed = now]. Exits 1
// on the first bad merge or unexpected error, with its seed.
import { bendMany } from './admit.ts';

const asked = Number(process.argv[2] ?? 10_000_000);
const cases = asked === 0 ? Number.POSITIVE_INFINITY : asked;
const first = Number(process.argv[3] ?? (Date.now() % 2 ** 31) + 1);
if (!(cases > 0) || !Number.isSafeInteger(first) || first < 1) {
  console.error('usage: node tests/fuzz/admit-soak.ts [cases, 0 for no end] [seed]');
  process.exit(2);
}

/** Cases of one seed: few, so that a failure is soon played again. */
const PART = 50_000;
const PROGRESS_EVERY_MS = 10_000;

const sum = { admitted: 0, later: 0, refused: 0 };
const started = performance.now();
let told = started;
let done = 0;
const line = () =>
  `tray: ${done} bent updates, ${sum.admitted} admitted, ${sum.later} asked for again, ${sum.refused} refused, ` +
  `${Math.round(done / ((performance.now() - started) / 1000))}/s`;
console.info(`tray: ${asked === 0 ? 'endless' : asked} cases from seed ${first}`);
for (let seed = first; done < cases; seed += 1) {
  try {
    const bent = bendMany(Math.min(PART, cases - done), seed);
    if (bent.wrong !== null) throw new Error(bent.wrong);
    sum.admitted += bent.admitted;
    sum.later += bent.later;
    sum.refused += bent.refused;
  } catch (error) {
    console.error(`seed ${seed}:`, error);
    process.exit(1);
  }
  done += Math.min(PART, cases - done);
  if (performance.now() - told < PROGRESS_EVERY_MS) continue;
  told = performance.now();
  console.info(`${line()}, at seed ${seed}`);
}
console.info(`${line()}, 0 bad merges`);
