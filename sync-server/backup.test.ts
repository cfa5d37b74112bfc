import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backUp } from './backup.ts';
import type { Ledger } from './ledger/ledger.ts';
import { openLedger } from './ledger/open.ts';
import { DEFAULT_RULES } from './ledger/rules.ts';
import { backTo } from './ledger/storage/test-older.ts';
import { StorageError } from './ledger/storage/database.ts';
import { acceptPresent, restore } from './restore.ts';
import { lineOf } from './verify/findings.ts';
import { damage, Life, type Place, tempPlace } from './verify/rig.ts';
import { SourceError } from './verify/source.ts';
import { verify } from './verify/verify.ts';

// Each verification starts threads of its own: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const NOW = new Date('2026-02-03T04:05:06.789Z');
const CREDIT = 1_000_000n;
let place: Place;
let copy: string;

beforeEach(() => {
  place = tempPlace();
  copy = join(place.dataDir, 'copy.sqlite');
});
afterEach(() => place.remove());

function open(): Promise<Ledger> {
  return openLedger({ dataDir: place.dataDir, clock: { now: () => Date.now() }, rules: DEFAULT_RULES });
}

async function live<T>(use: (life: Life, ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await open();
  try {
    return await use(new Life(ledger, Math.random().toString(36).slice(2, 8)), ledger);
  } finally {
    await ledger.close();
  }
}

async function faultsOf(file: string): Promise<string[]> {
  const found: string[] = [];
  await verify({
    place: { file },
    rules: DEFAULT_RULES,
    onFinding: (finding) => found.push(lineOf(finding)),
  });
  return found;
}

function restoreCopy(acceptLoss = false) {
  return restore({ copy, file: place.file, rules: DEFAULT_RULES, acceptLoss, now: NOW });
}

test('a copy made while orders settle is whole, and as of one instant', async () => {
  await live(async (life) => {
    await life.open('u');
    await life.fund('u', 1_000n * CREDIT);
    let busy = true;
    let charged = 0;
    const writing = (async () => {
      while (busy) await life.charge('u', `c${(charged += 1)}`, CREDIT / 100n);
    })();
    while (charged < 20) await new Promise((resolve) => setImmediate(resolve));
    const { accounts, transfers } = await backUp(place.file, copy);
    busy = false;
    await writing;
    expect(accounts).toBe(1);
    expect(transfers).toBeGreaterThanOrEqual(20);
    expect(transfers).toBeLessThanOrEqual(charged + 1);
  });
  expect(await faultsOf(copy)).toEqual([]);
  expect(readdirSync(place.dataDir).filter((name) => name.startsWith('copy'))).toEqual(['copy.sqlite']);
});

test.skipIf(process.platform === 'win32')(
  'a copy, and what is restored, is for its owner alone',
  async () => {
    await live((life) => life.open('u'));
    const umask = process.umask(0o022);
    try {
      await backUp(place.file, copy);
      expect(statSync(copy).mode & 0o777).toBe(0o600);
      chmodSync(copy, 0o644);
      await restoreCopy();
      expect(statSync(place.file).mode & 0o777).toBe(0o600);
    } finally {
      process.umask(umask);
    }
  },
);

test('nothing is overwritten, and a copy that cannot be made leaves nothing behind', async () => {
  await live((life) => life.open('u'));
  writeFileSync(copy, 'mine');
  await expect(backUp(place.file, copy)).rejects.toThrow(/exists already/);
  expect(readFileSync(copy, 'utf8')).toBe('mine');
  const other = join(place.dataDir, 'other.sqlite');
  await expect(backUp(join(place.dataDir, 'none.sqlite'), other)).rejects.toThrow(/There is no/);
  writeFileSync(place.file, 'no database at all');
  await expect(backUp(place.file, other)).rejects.toBeInstanceOf(SourceError);
  expect(existsSync(other)).toBe(false);
});

test('a restored copy is the ledger, the replaced file is kept whole', async () => {
  await live(async (life) => {
    await life.open('u');
    await life.fund('u', 5n * CREDIT);
  });
  await backUp(place.file, copy);
  // What came later lies in the log of a server that was killed.
  const ledger = await open();
  await new Life(ledger, 'later').fund('u', 7n * CREDIT);
  const replaced = join(place.dataDir, 'killed');
  for (const end of ['', '-wal']) copyFileSync(`${place.file}${end}`, `${replaced}${end}`);
  await ledger.close();
  for (const end of ['', '-wal']) copyFileSync(`${replaced}${end}`, `${place.file}${end}`);

  const { aside } = await restoreCopy(true);
  await live(async (_, restored) => expect(await restored.credits('u')).toMatchObject({ available: '5' }));
  copyFileSync(String(aside), place.file);
  await live(async (_, kept) => expect(await kept.credits('u')).toMatchObject({ available: '12' }));
  expect(aside).toBe(`${place.file}.replaced-2026-02-03T04-05-06-789Z`);
});

test('accounts that would go back are named, and going back must be accepted', async () => {
  await live(async (life) => {
    await life.open('u');
    await life.open('same');
  });
  await backUp(place.file, copy);
  await live(async (life) => {
    await life.open('new');
    await life.fund('u', 5n * CREDIT);
  });
  const before = readFileSync(place.file);
  await expect(restoreCopy()).rejects.toThrow(
    /^These accounts .*\nnew: from journal row 1 back to nothing\nu: from journal row 3 back to 1\nTo restore/,
  );
  expect(readFileSync(place.file)).toEqual(before);
  expect(await restoreCopy(true)).toMatchObject({ accounts: 2 });
});

test('the same number of rows but another history is going back', async () => {
  await live((life) => life.open('u'));
  copyFileSync(place.file, join(place.dataDir, 'fork.sqlite'));
  await live((life) => life.fund('u', 5n * CREDIT));
  await backUp(place.file, copy);
  copyFileSync(join(place.dataDir, 'fork.sqlite'), place.file);
  await live((life) => life.fund('u', 6n * CREDIT));
  await expect(restoreCopy()).rejects.toThrow(/u: from journal row 3 back to 3/);
});

test('without a ledger in place a copy is simply put there', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  const empty = tempPlace();
  const file = join(empty.dataDir, 'deep', 'glance.sqlite');
  const done = await restore({ copy, file, rules: DEFAULT_RULES, acceptLoss: false, now: NOW });
  expect(done).toEqual({ accounts: 1, transfers: 0, aside: null });
  expect(await faultsOf(file)).toEqual([]);
  empty.remove();
});

test('a log left behind by a file that is gone does not meet the restored one', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  const ledger = await open();
  await new Life(ledger, 'later').fund('u', 7n * CREDIT);
  const log = readFileSync(`${place.file}-wal`);
  await ledger.close();
  expect(existsSync(`${place.file}-wal`)).toBe(false);
  rmSync(place.file);
  writeFileSync(`${place.file}-wal`, log);
  await restoreCopy();
  await live(async (_, restored) => expect(await restored.credits('u')).toMatchObject({ available: '0' }));
});

test('a ledger whose log is damaged is not lost by a restore, nor by going on with what is left', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  const ledger = await open();
  const life = new Life(ledger, 'later');
  await life.fund('u', 100n * CREDIT);
  for (let count = 0; count < 10; count += 1) await life.charge('u', `c${count}`, CREDIT);
  const kept = ['', '-wal', '.synced'].map((end) => [end, readFileSync(`${place.file}${end}`)] as const);
  await ledger.close();
  const log = Buffer.from(kept[1]?.[1] ?? []);
  const at = Math.floor(log.length * 0.7);
  log.writeUInt8(log.readUInt8(at) ^ 1, at);
  const crash = () => {
    for (const [end, bytes] of kept) writeFileSync(`${place.file}${end}`, end === '-wal' ? log : bytes);
  };

  crash();
  await expect(open()).rejects.toThrow(/log is broken[^]*restore/);
  await expect(backUp(place.file, join(place.dataDir, 'other'))).rejects.toThrow(/log is broken/);
  await expect(restoreCopy()).rejects.toThrow(/nobody can say what would be lost/);
  const { aside } = await restoreCopy(true);
  expect(readFileSync(`${aside}-wal`)).toEqual(log);
  await live(async (_, restored) => expect(await restored.credits('u')).toMatchObject({ available: '0' }));

  crash();
  const where = { DATA_DIR: place.dataDir };
  await acceptPresent({ place: where, rules: DEFAULT_RULES, clock: { now: () => NOW.getTime() } });
  await live(async (_, accepted) => {
    const { available } = (await accepted.credits('u')) ?? {};
    expect(Number(available)).toBeGreaterThan(90);
    expect(Number(available)).toBeLessThan(100);
  });
  expect(readFileSync(`${place.file}-wal.broken-2026-02-03T04-05-06-789Z`)).toEqual(log);
});

test('a copy of an older release is brought to this one', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  const db = new DatabaseSync(copy);
  db.exec(backTo('008'));
  db.close();
  const older = readFileSync(copy);
  await restoreCopy();
  expect(readFileSync(copy)).toEqual(older);
  await live(async (_, ledger) => expect(await ledger.credits('u')).not.toBeNull());
});

test('a server that holds the file is not touched', async () => {
  await live(async (life, ledger) => {
    await life.open('u');
    await backUp(place.file, copy);
    await expect(restoreCopy(true)).rejects.toBeInstanceOf(StorageError);
    expect(await ledger.credits('u')).toMatchObject({ available: '0' });
  });
});

test('a damaged copy is refused, whatever is accepted', async () => {
  await live(async (life) => {
    await life.open('u');
    await life.fund('u', 5n * CREDIT);
  });
  await backUp(place.file, copy);
  const sound = readFileSync(copy);
  damage(copy, "UPDATE posting SET micros = micros + 1 WHERE name LIKE 'lot:%'");
  await expect(restoreCopy(true)).rejects.toThrow(/is damaged .*u seq 3: I1/);
  writeFileSync(copy, sound.subarray(0, sound.length / 2));
  await expect(restoreCopy(true)).rejects.toBeInstanceOf(SourceError);
  writeFileSync(copy, 'no database');
  await expect(restoreCopy(true)).rejects.toThrow(/is no ledger, or damaged/);
  await live(async (_, ledger) => expect(await ledger.credits('u')).toMatchObject({ available: '5' }));
});

test('a present ledger that cannot be read is replaced only when its loss is accepted', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  writeFileSync(place.file, 'garbage');
  await expect(restoreCopy()).rejects.toThrow(/nobody can say what would be lost/);
  const { aside } = await restoreCopy(true);
  expect(readFileSync(String(aside), 'utf8')).toBe('garbage');
  await live(async (_, ledger) => expect(await ledger.credits('u')).not.toBeNull());
});
