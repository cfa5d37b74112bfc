// One byte of a ledger at rest flipped, again and again: each start tells exactly what was true, or refuses clearly.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from '../../sync-server/ledger/command.ts';
import type { Ledger } from '../../sync-server/ledger/ledger.ts';
import { StorageError } from '../../sync-server/ledger/storage/database.ts';
import { MigrationError } from '../../sync-server/ledger/storage/migrate.ts';
import type { Random } from '../fuzz/ledger/random.ts';
import { open } from './kills.ts';
import { accounts, must, orderOf, prepare, WRITERS } from './orders.ts';

const FILE = 'glance.sqlite';
const ORDERS_EACH = 6;

/** What a ledger says: of each question the answer, or that it refuses. */
type Told = Map<string, unknown>;
const REFUSED = Symbol('refused');

export interface FlipTally {
  flips: number;
  /** Starts that were refused. */
  refused: number;
  /** Starts after which some answers were refused, and all others right. */
  readOnly: number;
  /** Flips that changed no answer at all: in free space, or in what is told nowhere. */
  unfelt: number;
}

export interface FlipOptions {
  flips: number;
  random: Random;
  onFlip?: (tally: FlipTally) => void;
}

/** @throws Error naming the byte after which something wrong was told */
export async function flipBytes({ flips, random, onFlip }: FlipOptions): Promise<FlipTally> {
  const folder = mkdtempSync(join(tmpdir(), 'glance-flips-'));
  try {
    const truth = await makeLedger(folder);
    const tally: FlipTally = { flips: 0, refused: 0, readOnly: 0, unfelt: 0 };
    for (; tally.flips < flips; tally.flips += 1) {
      // A stopped ledger is its file alone; what a kill leaves is mostly in the log.
      const [from, name] =
        random.below(3) === 0 ? (['killed', `${FILE}-wal`] as const) : (['stopped', FILE] as const);
      const dataDir = join(folder, 'flipped');
      cpSync(join(folder, from), dataDir, { recursive: true });
      const bytes = readFileSync(join(dataDir, name));
      const at = random.below(bytes.length);
      const change = 1 << random.below(8);
      bytes.writeUInt8(bytes.readUInt8(at) ^ change, at);
      writeFileSync(join(dataDir, name), bytes);
      const place = `byte ${at} of ${name} of the ${from} ledger, changed by ${change}`;
      const felt = await judge(dataDir, truth, place);
      if (felt !== null) tally[felt] += 1;
      rmSync(dataDir, { recursive: true });
      onFlip?.(tally);
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two copies of one ledger, as a stop and as a kill leave it, and what it says. */
async function makeLedger(folder: string): Promise<Told> {
  const dataDir = join(folder, 'stopped');
  mkdirSync(dataDir);
  const ledger = await open({ dataDir });
  await prepare(ledger);
  for (let writer = 0; writer < WRITERS; writer += 1) {
    for (let count = 0; count < ORDERS_EACH; count += 1) await must(ledger, orderOf(0, writer, count));
  }
  const truth = await tell(ledger, 'truth');
  cpSync(dataDir, join(folder, 'killed'), { recursive: true });
  await ledger.close();
  return truth;
}

async function judge(dataDir: string, truth: Told, place: string): Promise<keyof FlipTally> {
  let ledger: Ledger;
  try {
    ledger = await open({ dataDir });
  } catch (error) {
    if (error instanceof StorageError || error instanceof MigrationError) return 'refused';
    throw new Error(`${place}: the start failed unclearly`, { cause: error });
  }
  try {
    const told = await tell(ledger, place);
    let refused = 0;
    for (const [question, answer] of truth) {
      const now = told.get(question);
      if (now === REFUSED) refused += 1;
      else if (!isDeepStrictEqual(now, answer)) {
        throw new Error(`${place}: ${question} is ${JSON.stringify(now)}, not ${JSON.stringify(answer)}`);
      }
    }
    return refused > 0 ? 'readOnly' : 'unfelt';
  } finally {
    await ledger.close();
  }
}

/** Asks for all credits, all journals, and each order again by its key. */
async function tell(ledger: Ledger, place: string): Promise<Told> {
  const told: Told = new Map();
  const ask = async (question: string, answer: () => Promise<unknown>) => {
    try {
      told.set(question, await answer());
    } catch (error) {
      if (!(error instanceof StorageError))
        throw new Error(`${place}: ${question} failed unclearly`, { cause: error });
      told.set(question, REFUSED);
    }
  };
  for (const account of accounts) {
    await ask(`credits of ${account}`, () => ledger.credits(account));
    await ask(`journal of ${account}`, () => ledger.journal(account, 0, 10_000));
  }
  const again: Promise<void>[] = [];
  for (let writer = 0; writer < WRITERS; writer += 1) {
    for (let count = 0; count < ORDERS_EACH; count += 1) {
      const order = orderOf(0, writer, count);
      again.push(ask(`order ${writer}-${count}`, async () => replayed(await ledger.settle(order))));
    }
  }
  await Promise.all(again);
  return told;
}

function replayed(outcome: Outcome): Outcome {
  if (!outcome.replayed) throw new Error('an order was settled twice');
  return outcome;
}
