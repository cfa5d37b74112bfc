// What the benches of the ledger share: writers in a loop, accounts with money, medians.
import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../../sync-server/ledger/ledger.ts';

/** One durable post on an account; `id` is new each time. */
export type Post = (account: string, id: string) => Promise<void>;

export interface Round {
  /** Settlements a second. */
  rate: number;
  /** Milliseconds from order to durable answer. */
  p50: number;
  p99: number;
}

export interface Pair {
  ours: Round;
  peer: Round;
}

export const ACCOUNTS = 256;
/** Pairs of interleaved rounds behind each median, and the length of a round. */
const PAIRS = Number(process.env['BENCH_PAIRS'] ?? 7);
const ROUND_MS = Number(process.env['BENCH_ROUND_MS'] ?? 1_000);

const FUNDS = 1_000_000_000_000n;
const SYSTEM = { principal: 'system', scope: 'system' } as const;
const STAFF = { principal: 'staff', scope: 'admin' } as const;
const SERVICE = { principal: 'compute', scope: 'service' } as const;

/** `writers` loops over the accounts, each with the next post as soon as its last one is durable. */
async function round(post: Post, writers: number): Promise<Round> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + ROUND_MS;
  const write = async (writer: number) => {
    for (let count = writer; performance.now() < end; count += writers) {
      const began = performance.now();
      // Ids fall anywhere in an index, as callers' ids do.
      await post(`u${count % ACCOUNTS}`, randomUUID());
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)] ?? Number.NaN;
  return { rate: times.length / ((performance.now() - start) / 1_000), p50: at(0.5), p99: at(0.99) };
}

/** Ours and the peer by turns, so that whatever else the machine does meets both. */
export async function interleaved(ours: Post, peer: Post, writers: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    pairs.push({ ours: await round(ours, writers), peer: await round(peer, writers) });
  }
  return pairs;
}

/** Both engines warm before the first pair counts. */
export async function warm(...posts: Post[]): Promise<void> {
  for (const post of posts) await round(post, 32);
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median of the pairs' own ratios. */
export function ratioOf(pairs: readonly Pair[]): number {
  return median(pairs.map(({ ours, peer }) => ours.rate / peer.rate));
}

/** One line of the table a bench prints. */
export function lineOf(pairs: readonly Pair[]) {
  return {
    'ours/s': Math.round(median(pairs.map(({ ours }) => ours.rate))),
    'peer/s': Math.round(median(pairs.map(({ peer }) => peer.rate))),
    ratio: Number(ratioOf(pairs).toFixed(2)),
    'p50 ms': Number(median(pairs.map(({ ours }) => ours.p50)).toFixed(2)),
    'p99 ms': Number(median(pairs.map(({ ours }) => ours.p99)).toFixed(2)),
  };
}

/** Opens the accounts and gives each a million credits. */
export async function fundAll(ledger: Ledger): Promise<void> {
  await Promise.all(Array.from({ length: ACCOUNTS }, (_, index) => fund(ledger, `u${index}`)));
}

async function fund(ledger: Ledger, account: string): Promise<void> {
  await ledger.settle({ account, actor: STAFF, command: { kind: 'account.open', name: account } });
  const start = { kind: 'purchase.start', amount: FUNDS, method: 'usdc' } as const;
  const owner = { principal: account, scope: 'account' } as const;
  const bought = await ledger.settle({ account, actor: owner, command: start });
  if (!bought.ok) throw new Error(bought.problem.code);
  const { id } = bought.answer;
  if (typeof id !== 'string') throw new Error('A purchase without an id.');
  const provider = { payment_id: `pay-${account}`, provider: 'bench', amount: FUNDS } as const;
  const paid = { kind: 'payment.succeeded', purchase_id: id, ...provider } as const;
  const outcome = await ledger.settle({ account, actor: SYSTEM, command: paid });
  if (!outcome.ok) throw new Error(outcome.problem.code);
}

/** A charge of one micro through the ledger's own door. */
export function charges(ledger: Ledger): Post {
  return async (account, id) => {
    const command = { kind: 'charge', id, amount: 1n, service: 'vm' } as const;
    const outcome = await ledger.settle({ account, actor: SERVICE, command });
    if (!outcome.ok) throw new Error(outcome.problem.code);
  };
}
