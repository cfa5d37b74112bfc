import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backUp } from './backup.ts';
import { readConfig } from './config.ts';
import type { Ledger } from './ledger/ledger.ts';
import { openLedger } from './ledger/open.ts';
import { DEFAULT_RULES } from './ledger/rules.ts';
import { createLog } from './log.ts';
import { checkMark, LedgerWentBack, markFile, startMark } from './mark.ts';
import { acceptPresent, restore } from './restore.ts';
import { systemClock } from './rules.ts';
import { startServer } from './server.ts';
import { epochOf } from './sync/epoch.ts';
import { Life, type Place, tempPlace } from './verify/rig.ts';

// Each verification starts threads of its own: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 });

const CREDIT = 1_000_000n;
const log = createLog('silent');
let place: Place;
let copy: string;
let mark: string;

beforeEach(() => {
  place = tempPlace();
  copy = join(place.dataDir, 'copy.sqlite');
  mark = markFile({ DATA_DIR: place.dataDir });
});
afterEach(() => place.remove());

/** Lets a ledger live for a while, with its mark kept as a server does; answers what `look` found before. */
async function live<T>(use: (life: Life, ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger({ dataDir: place.dataDir, clock: systemClock, rules: DEFAULT_RULES });
  const job = startMark({ file: mark, ledger, log });
  try {
    await checkMark(mark, ledger.database);
    return await use(new Life(ledger, randomBytes(4).toString('hex')), ledger);
  } finally {
    await job.stop();
    await ledger.close();
  }
}
const restoreCopy = (acceptLoss = false) =>
  restore({ copy, file: place.file, rules: DEFAULT_RULES, acceptLoss, now: new Date() });
const accept = () =>
  acceptPresent({ place: { DATA_DIR: place.dataDir }, rules: DEFAULT_RULES, clock: systemClock });
const epochNow = () => live((_, { database }) => epochOf(database));

test('an older copy put back by hand is refused until that is accepted', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  await live((life) => life.fund('u', 5n * CREDIT));
  copyFileSync(copy, place.file);
  await expect(live(async () => {})).rejects.toThrow(/no longer holds journal row 3 of account u/);
  // Refusing changes nothing: the newer ledger would still be taken.
  await expect(live(async () => {})).rejects.toBeInstanceOf(LedgerWentBack);
  await accept();
  expect(await epochNow()).toBe(1);
  await live((life) => life.fund('u', 7n * CREDIT));
  expect(existsSync(mark)).toBe(true);
});

test('another history of the same length is refused too, and an empty ledger', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  await live((life) => life.fund('u', 5n * CREDIT));
  copyFileSync(copy, place.file);
  const marked = readFileSync(mark);
  rmSync(mark);
  await live((life) => life.fund('u', 6n * CREDIT));
  writeFileSync(mark, marked);
  await expect(live(async () => {})).rejects.toBeInstanceOf(LedgerWentBack);
  rmSync(place.file);
  await expect(live(async () => {})).rejects.toBeInstanceOf(LedgerWentBack);
});

test('a ledger that only went on is taken, and so is one without a mark or with a torn one', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  const old = readFileSync(mark);
  await live((life) => life.fund('u', 5n * CREDIT));
  writeFileSync(mark, old);
  await live(async () => {});
  writeFileSync(mark, '{"account":"u","se');
  await live(async () => {});
  rmSync(mark);
  await live(async () => {});
  expect(await epochNow()).toBe(0);
});

test.skipIf(process.platform === 'win32')('the mark is for its owner alone', async () => {
  await live((life) => life.open('u'));
  expect(statSync(mark).mode & 0o777).toBe(0o600);
});

test('restore asks for what the mark knows although the present file is gone, and begins an epoch', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  await live((life) => life.fund('u', 5n * CREDIT));
  rmSync(place.file);
  await expect(restoreCopy()).rejects.toBeInstanceOf(LedgerWentBack);
  expect(existsSync(place.file)).toBe(false);
  await restoreCopy(true);
  expect(await epochNow()).toBe(1);
  // Nothing is lost by the next one, but devices may have seen what came after the copy, on another machine.
  await backUp(place.file, join(place.dataDir, 'copy2.sqlite'));
  copy = join(place.dataDir, 'copy2.sqlite');
  await restoreCopy();
  expect(await epochNow()).toBe(2);
});

test('of one file an epoch elsewhere accepts nothing: only its own machine does', async () => {
  await live((life) => life.open('u'));
  await backUp(place.file, copy);
  await live((life) => life.fund('u', 5n * CREDIT));
  // Restored in another folder, then put here by hand.
  const elsewhere = tempPlace();
  await restore({ copy, file: elsewhere.file, rules: DEFAULT_RULES, acceptLoss: false, now: new Date() });
  copyFileSync(elsewhere.file, place.file);
  elsewhere.remove();
  await expect(live(async () => {})).rejects.toBeInstanceOf(LedgerWentBack);
  await accept();
  expect(await epochNow()).toBe(2);
  await live((life) => life.fund('u', CREDIT));
  expect(JSON.parse(readFileSync(mark, 'utf8'))).toMatchObject({ account: 'u', epoch: 2 });
});

test('an accepted ledger must be sound, and no server may hold it', async () => {
  await live(async (life) => {
    await life.open('u');
    await expect(accept()).rejects.toThrow(/in use by another server/);
  });
  expect(await epochNow()).toBe(0);
});

test('a server says why it does not start', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'glance-mark-'));
  const config = readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    SECRETS_KEY: randomBytes(32).toString('base64'),
    PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  });
  try {
    const first = await startServer({ config, log });
    await new Life(first.ledger).open('u');
    await first.stop();
    for (const end of ['', '-wal', '-shm']) rmSync(join(dataDir, `glance.sqlite${end}`), { force: true });
    await expect(startServer({ config, log })).rejects.toBeInstanceOf(LedgerWentBack);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('each PostgreSQL has its own mark, whatever its password', () => {
  const of = (DATABASE_URL: string) => markFile({ DATA_DIR: 'd', DATABASE_URL });
  expect(of('postgres://glance:old@db/glance')).toBe(of('postgres://glance:new@db/glance'));
  expect(of('postgres://glance@db/glance')).not.toBe(of('postgres://glance@db/other'));
  expect(of('postgres://glance@db/glance')).not.toMatch(/glance@/);
  const onSocket = 'postgres:///glance?host=/run/postgresql';
  expect(of(onSocket)).not.toBe(of('postgres:///glance?host=/tmp/other'));
  expect(of(`${onSocket}&options=-c%20search_path%3Da`)).not.toBe(of(onSocket));
  expect(of(`${onSocket}&sslmode=require`)).toBe(of(onSocket));
});
