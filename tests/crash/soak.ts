// Long crash run: node tests/crash/soak.ts [loops = 1000] [seed = now]. So many kills on SQLite and three in ten of them
// on PostgreSQL, a fresh database every 50, then the faults of a real disk. Exits 1 on the first broken promise.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '../fuzz/ledger/random.ts';
import { startPostgres } from '../tools/postgres.ts';
import { failingSyncStops, fullDiskRefuses, syncsAreCounted } from './disk.ts';
import { killAgainAndAgain, type Tally } from './kills.ts';

const loops = Number(process.argv[2] ?? 1_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
if (!Number.isSafeInteger(loops) || loops < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: node tests/crash/soak.ts [loops] [seed]');
  process.exit(2);
}

/** Kills on one database: its history is verified after each, so it must not grow without end. */
const PER_DATABASE = 50;
const PROGRESS_EVERY_MS = 10_000;
const SYNCED_ORDERS = 500;
const FAILING_SYNC = 40;

async function kills(engine: string, count: number, makeUrl?: () => Promise<string>): Promise<void> {
  const done: Tally = { kills: 0, acknowledged: 0, unheard: 0 };
  let told = performance.now();
  const add = (into: Tally, more: Tally) => {
    into.kills += more.kills;
    into.acknowledged += more.acknowledged;
    into.unheard += more.unheard;
    return into;
  };
  const line = (tally: Tally) =>
    `crash: ${tally.kills} of ${count} kills on ${engine}, ${tally.acknowledged} orders acknowledged, ` +
    `0 lost, 0 doubled, ${tally.unheard} settled unheard`;
  for (let part = 0; done.kills < count; part += 1) {
    const dataDir = mkdtempSync(join(tmpdir(), 'glance-crash-soak-'));
    try {
      const databaseUrl = await makeUrl?.();
      const tally = await killAgainAndAgain({
        place: { dataDir, databaseUrl },
        loops: Math.min(PER_DATABASE, count - done.kills),
        random: random(seed + part),
        onLoop: (now) => {
          if (performance.now() - told < PROGRESS_EVERY_MS) return;
          told = performance.now();
          console.info(line(add({ ...done }, now)));
        },
      });
      add(done, tally);
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
  console.info(line(done));
}

console.info(`crash: ${loops} kills from seed ${seed}`);
try {
  for (const part of [
    () => syncsAreCounted(SYNCED_ORDERS),
    () => failingSyncStops(FAILING_SYNC),
    fullDiskRefuses,
  ]) {
    const { line } = await part();
    console.info(`crash: ${line}`);
  }
  await kills('SQLite', loops);
  const cluster = await startPostgres();
  try {
    await kills('PostgreSQL', Math.ceil(loops * 0.3), () => cluster.createDatabase());
  } finally {
    await cluster.stop();
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
