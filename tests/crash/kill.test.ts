import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { random } from '../fuzz/ledger/random.ts';
import { startPostgres } from '../tools/postgres.ts';
import { killAgainAndAgain } from './kills.ts';

function tempDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-crash-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

test('10 kills during group commit on SQLite: nothing acknowledged is lost, nothing doubled', async () => {
  const tally = await killAgainAndAgain({
    place: { dataDir: tempDir() },
    loops: 10,
    random: random(1),
  });
  expect(tally).toMatchObject({ kills: 10 });
  expect(tally.acknowledged).toBeGreaterThan(200);
}, 120_000);

test('3 kills during group commit on PostgreSQL: nothing acknowledged is lost, nothing doubled', async () => {
  const cluster = await startPostgres();
  onTestFinished(() => cluster.stop());
  const tally = await killAgainAndAgain({
    place: { dataDir: tempDir(), databaseUrl: await cluster.createDatabase() },
    loops: 3,
    random: random(2),
  });
  expect(tally).toMatchObject({ kills: 3 });
  expect(tally.acknowledged).toBeGreaterThan(50);
}, 120_000);
