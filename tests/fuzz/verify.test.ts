// The verification cries no wolf: whatever seeded scripts the rules lived through, stored in a real file, is clean.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readMigrations } from '../../sync-server/ledger/storage/migrate.ts';
import { openWriter } from '../../sync-server/ledger/storage/sqlite-file.ts';
import { SqliteWriter } from '../../sync-server/ledger/storage/sqlite-writer.ts';
import { lineOf } from '../../sync-server/verify/findings.ts';
import { verify } from '../../sync-server/verify/verify.ts';
import { Core } from './ledger/core.ts';
import { generate } from './ledger/generate.ts';
import { PEOPLE } from './ledger/step.ts';
import { termsOf } from './ledger/terms.ts';

const RUNS = 60;
const STEPS = 120;
const folder = mkdtempSync(join(tmpdir(), 'glance-verify-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Lives a script in memory, then once more in a file, with the same ids. */
async function store(seed: number, file: string): Promise<Core> {
  const core = new Core(termsOf(seed), PEOPLE);
  for (const step of generate(seed, STEPS)) core.step(step);
  const db = openWriter(file, readMigrations('sqlite'));
  // The script's promise is what it settles, not that it survives a loss of power.
  db.exec('PRAGMA synchronous = OFF');
  let made = 0;
  const id = () => `00000000-0000-7000-8000-${String((made += 1)).padStart(12, '0')}`;
  const writer = new SqliteWriter(db, { rules: core.store.rules, idsFor: () => id });
  for (const [index, task] of core.asked.entries()) {
    const [done] = writer.run([{ id: index, task }]).done;
    expect(done).toMatchObject({ reply: { outcome: JSON.stringify(core.outcomes[index]) } });
  }
  await writer.close();
  return core;
}

async function firstWolf(from: number, runs: number): Promise<string | null> {
  for (let seed = from; seed < from + runs; seed += 1) {
    const file = join(folder, `${seed}.sqlite`);
    const { rules } = (await store(seed, file)).store;
    const found: string[] = [];
    await verify({
      place: { file },
      rules,
      threads: 1,
      onFinding: (finding) => found.push(lineOf(finding)),
    });
    rmSync(file);
    if (found.length > 0) return `seed ${seed}\n${found.join('\n')}`;
  }
  return null;
}

test('nothing is found in what fixed seeds lived through', async () => {
  expect(await firstWolf(1, RUNS)).toBeNull();
});

test('nothing is found in what seeds of today lived through', async () => {
  const seed = Date.now() % 2 ** 31;
  console.info(`verify: seeds from ${seed}`);
  expect(await firstWolf(seed, RUNS / 4)).toBeNull();
});
