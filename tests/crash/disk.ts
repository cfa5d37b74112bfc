// Faults of a real disk, for soak: syncs counted and failing through a shim, a file system that is full or read-only.
// Each answers what was shown, or null with the reason why it cannot be shown here.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StorageError } from '../../sync-server/ledger/storage/database.ts';
import { mustBeClean, mustBeThere, open } from './kills.ts';
import { startLife } from './life.ts';
import { accounts, orderOf, prepare } from './orders.ts';

/** What came of a part: a line to print, with `shown` false when this machine cannot show it. */
export interface Shown {
  shown: boolean;
  line: string;
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'glance-disk-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles the shim; null without a compiler, or on a system that has no LD_PRELOAD. */
function shim(folder: string): string | null {
  if (process.platform !== 'linux') return null;
  const library = join(folder, 'witness.so');
  const source = fileURLToPath(new URL('witness.c', import.meta.url));
  try {
    execFileSync('gcc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl'], { stdio: 'ignore' });
    return library;
  } catch {
    return null;
  }
}

async function funded(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const ledger = await open({ dataDir });
  await prepare(ledger);
  await ledger.close();
}

/** kill -9 cannot tell FULL from NORMAL: with one writer each acknowledged order must have had a sync of its own. */
export function syncsAreCounted(orders: number): Promise<Shown> {
  return inFolder(async (folder) => {
    const library = shim(folder);
    if (library === null) return { shown: false, line: 'syncs: not shown, there is no gcc here' };
    const dataDir = join(folder, 'data');
    await funded(dataDir);
    const count = join(folder, 'count');
    const env = { LD_PRELOAD: library, WITNESS_COUNT: count };
    const life = startLife({ place: { dataDir }, round: 0, writers: 1, env });
    const lines = await life.killAfter(orders, 0);
    const syncs = Number(readFileSync(count, 'utf8'));
    if (syncs < lines.length) throw new Error(`${lines.length} orders acknowledged after ${syncs} syncs`);
    return { shown: true, line: `syncs: ${lines.length} orders acknowledged, ${syncs} syncs of the log` };
  });
}

/** After a sync of the log that failed nothing more is acknowledged; after a restart all that was, is there. */
export function failingSyncStops(after: number): Promise<Shown> {
  return failing('failing sync of the log', { WITNESS_FAIL: String(after) });
}

/** The same for the file itself, which is synced when the log is copied into it. */
export function failingSyncOfFileStops(): Promise<Shown> {
  return failing('failing sync of the file', { WITNESS_FAIL: '1', WITNESS_END: 'glance.sqlite' });
}

function failing(name: string, variables: NodeJS.ProcessEnv): Promise<Shown> {
  return inFolder(async (folder) => {
    const library = shim(folder);
    if (library === null) return { shown: false, line: `${name}: not shown, there is no gcc here` };
    const place = { dataDir: join(folder, 'data') };
    await funded(place.dataDir);
    const env = { LD_PRELOAD: library, ...variables };
    const { acknowledged, failed } = await startLife({ place, round: 0, env }).untilAllFailed();
    if (acknowledged.length === 0 || failed.length === 0) throw new Error('the shim did not bite');
    for (const { failed: reason } of failed) {
      if (!/disk failed|could not answer/.test(reason)) throw new Error(`an order failed with ${reason}`);
    }
    await mustBeClean(place, 0);
    const ledger = await open(place);
    await mustBeThere(ledger, 0, acknowledged);
    await ledger.close();
    await mustBeClean(place, 1);
    return {
      shown: true,
      line: `${name}: ${acknowledged.length} orders kept, ${failed.length} refused, nothing after it`,
    };
  });
}

function mount(...args: string[]): boolean {
  try {
    execFileSync('mount', args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A file system of 3 MB that fills up, gets room again, and is then mounted read-only. */
export function fullDiskRefuses(): Promise<Shown> {
  return inFolder(async (folder) => {
    const mounted = process.platform === 'linux' && mount('-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder);
    if (!mounted) return { shown: false, line: 'full disk: not shown, mounting needs root' };
    const place = { dataDir: join(folder, 'data') };
    try {
      await funded(place.dataDir);
      const settled = await fillUp(place.dataDir, folder);
      if (!mount('-o', 'remount,ro', folder)) throw new Error('cannot mount read-only');
      const start = await open(place).then(
        (ledger) => ledger.close().then(() => 'it started'),
        (error: unknown) => error,
      );
      if (!(start instanceof StorageError)) throw new Error(`on a read-only disk: ${String(start)}`);
      return {
        shown: true,
        line: `full disk: ${settled} orders before and after; read-only: ${start.message}`,
      };
    } finally {
      execFileSync('umount', [folder]);
    }
  });
}

async function fillUp(dataDir: string, folder: string): Promise<number> {
  const ledger = await open({ dataDir });
  let count = 0;
  const next = () => ledger.settle(orderOf(0, count % accounts.length, count * 4));
  for (;;) {
    try {
      await next();
      count += 1;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      break;
    }
  }
  await mustBeClean({ dataDir }, 0);
  if (!mount('-o', 'remount,size=64m', folder)) throw new Error('cannot make the disk larger');
  for (const end = count + 100; count < end; count += 1) {
    const outcome = await next();
    if (!outcome.ok) throw new Error(outcome.problem.code);
  }
  await ledger.close();
  await mustBeClean({ dataDir }, 1);
  return count;
}
