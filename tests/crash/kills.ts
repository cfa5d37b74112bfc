// kill -9 during group commit, again and again on one database: what was acknowledged is there, once; what was not is
// there at most once; every chain and invariant holds after each start.
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readBalance } from '../../shared/money.ts';
import type { Ledger } from '../../sync-server/ledger/ledger.ts';
import { openLedger } from '../../sync-server/ledger/open.ts';
import { DEFAULT_RULES } from '../../sync-server/ledger/rules.ts';
import { lineOf } from '../../sync-server/verify/findings.ts';
import { verify } from '../../sync-server/verify/verify.ts';
import type { Random } from '../fuzz/ledger/random.ts';
import { type Acknowledged, type LifePlace, startLife } from './life.ts';
import { accounts, effectOf, FUNDS, orderOf, prepare, WRITERS } from './orders.ts';

export interface Tally {
  kills: number;
  acknowledged: number;
  /** Committed, but killed before the answer went out; found again by their keys. */
  unheard: number;
}

export interface KillOptions {
  place: LifePlace;
  loops: number;
  /** For the instants of the kills. */
  random: Random;
  onLoop?: (tally: Tally) => void;
}

const MOST_ORDERS = 300;
const MOST_MS = 25;

/** @throws Error naming the first promise that was broken */
export async function killAgainAndAgain({ place, loops, random, onLoop }: KillOptions): Promise<Tally> {
  const tally: Tally = { kills: 0, acknowledged: 0, unheard: 0 };
  const spent = new Map(accounts.map((account) => [account, { spent: 0n, held: 0n }]));
  const first = await open(place);
  await prepare(first);
  await first.close();
  for (let round = 0; round < loops; round += 1) {
    const life = startLife({ place, round });
    const lines = await life.killAfter(1 + random.below(MOST_ORDERS), random.below(MOST_MS));
    await mustBeClean(place, round);
    const ledger = await open(place);
    try {
      tally.acknowledged += lines.length;
      await mustBeThere(ledger, round, lines);
      tally.unheard += await finish(ledger, round, lines, spent);
      await mustAddUp(ledger, round, spent);
    } finally {
      await ledger.close();
    }
    tally.kills += 1;
    onLoop?.(tally);
  }
  await mustBeClean(place, loops);
  return tally;
}

export function open(place: LifePlace): Promise<Ledger> {
  return openLedger({ ...place, clock: { now: () => Date.now() }, rules: DEFAULT_RULES });
}

/** Every acknowledged order, asked again, gives the answer it gave. */
export async function mustBeThere(ledger: Ledger, round: number, lines: Acknowledged[]): Promise<void> {
  const again = await Promise.all(
    lines.map(({ writer, count }) => ledger.settle(orderOf(round, writer, count))),
  );
  for (const [index, { writer, count, outcome }] of lines.entries()) {
    if (isDeepStrictEqual(again[index], { ...outcome, replayed: true })) continue;
    const got = JSON.stringify(again[index]);
    throw new Error(
      `round ${round}: order ${writer}-${count} answered ${JSON.stringify(outcome)}, now ${got}`,
    );
  }
}

/**
 * Asks for the one order that each writer had under way: it was settled or it was not, and now it is. Answers how many
 * were; notes what all orders of the round spent.
 */
async function finish(
  ledger: Ledger,
  round: number,
  lines: Acknowledged[],
  spent: Map<string, { spent: bigint; held: bigint }>,
): Promise<number> {
  let unheard = 0;
  for (let writer = 0; writer < WRITERS; writer += 1) {
    const count = lines.filter((line) => line.writer === writer).length;
    const order = orderOf(round, writer, count);
    const outcome = await ledger.settle(order);
    if (!outcome.ok) throw new Error(`round ${round}: order ${writer}-${count} ${outcome.problem.code}`);
    if (outcome.replayed) unheard += 1;
    const sum = spent.get(order.account);
    if (!sum) throw new Error(`no account ${order.account}`);
    for (let each = 0; each <= count; each += 1) {
      const effect = effectOf(each);
      sum.spent += effect.spent;
      sum.held += effect.held;
    }
  }
  return unheard;
}

/** To the micro: nothing was lost, nothing was doubled. */
async function mustAddUp(
  ledger: Ledger,
  round: number,
  spent: Map<string, { spent: bigint; held: bigint }>,
): Promise<void> {
  for (const [account, sum] of spent) {
    const credits = await ledger.credits(account);
    if (!credits) throw new Error(`round ${round}: ${account} is gone`);
    const held = readBalance(credits.held);
    const balance = readBalance(credits.balance);
    if (held === sum.held && balance === FUNDS - sum.spent) continue;
    throw new Error(
      `round ${round}: ${account} has ${balance} and ${held} held, not ${FUNDS - sum.spent} and ${sum.held}`,
    );
  }
}

export async function mustBeClean(place: LifePlace, round: number): Promise<void> {
  const { dataDir, databaseUrl } = place;
  const findings: string[] = [];
  await verify({
    place: databaseUrl === undefined ? { file: join(dataDir, 'glance.sqlite') } : { databaseUrl },
    rules: DEFAULT_RULES,
    threads: 1,
    onFinding: (finding) => findings.push(lineOf(finding)),
  });
  if (findings.length > 0) throw new Error(`round ${round}: ${findings.join('\n')}`);
}
