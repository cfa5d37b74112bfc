// Long run of the sync engine: node tests/crash/sync-soak.ts [lives = 100] [seed = now] [entries = 1000000]. So many
// days of devices under kills, then the growth of one account. Exits 1 on the first broken promise.
import { random } from '../fuzz/ledger/random.ts';
import { grow } from '../scenarios/lib/growth.ts';
import { liveThrough } from './sync-life.ts';

const lives = Number(process.argv[2] ?? 100);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const entries = Number(process.argv[4] ?? 1_000_000);
if (![lives, seed, entries].every(Number.isSafeInteger)) {
  console.error('usage: node tests/crash/sync-soak.ts [lives] [seed] [entries]');
  process.exit(2);
}

const PROPOSALS = 10_000;

async function days(): Promise<boolean> {
  const total = { proposals: 0, kills: 0, injected: 0 };
  for (let life = 0; life < lives; life += 1) {
    const dice = random(seed + life);
    const { broken, ...tally } = await liveThrough({
      devices: 2 + dice.below(4),
      proposals: 20 + dice.below(60),
      backlog: 100 + dice.below(300),
      kills: 2 + dice.below(10),
      killPercent: 1 + dice.below(3),
      drainMs: 300_000,
      random: dice,
    });
    total.proposals += tally.proposals;
    total.kills += tally.kills;
    total.injected += tally.injected;
    console.info(
      `sync: ${life + 1} of ${lives} lives, ${total.proposals} proposals, ${total.kills} kills at random and ` +
        `${total.injected} between commit and merge`,
    );
    for (const text of broken) console.error(`sync: life ${life} of seed ${seed + life}: ${text}`);
    if (broken.length > 0) return false;
  }
  return true;
}

console.info(`sync: ${lives} lives from seed ${seed}, then ${entries} entries`);
let kept = await days();
if (kept && entries > 0) {
  const { samples, broken } = await grow({ entries, proposals: PROPOSALS, samples: 5 });
  console.table(samples);
  for (const text of broken) console.error(`sync: growth: ${text}`);
  kept = broken.length === 0;
}
process.exitCode = kept ? 0 : 1;
