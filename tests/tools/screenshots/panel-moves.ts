// What moved on an account: the newest entries of its book.
import { HOUR } from '../../../shared/time.ts';
import type { Entry } from '../../../shared/account.ts';
import { NOW } from './moment.ts';

export type Move = [hoursAgo: number, type: string, service: string, ref: string | undefined, amount: number];

/** The movements of a week, newest first: what, about what, how much. */
export const MOVES: readonly Move[] = [
  [0.05, 'usage', 'caas', 'c1', -8.96],
  [0.06, 'usage', 'ray', 'c2', -3.6],
  [0.35, 'refund', 'caas', 'c7', 1.8],
  [4.4, 'usage', 'caas', 'c7', -3],
  [10.5, 'refund', 'ray', 'c8', 4.4],
  [10.9, 'usage', 'ray', 'c8', -4.4],
  [15.2, 'usage', 'inference', 'deepseek-ai/DeepSeek-R1-0528', -4],
  [22.8, 'purchase', 'credits', 'p0', 50],
  [26.7, 'withdrawal', 'credits', 'w0', -20],
  [27.1, 'refused', 'credits', undefined, 0],
  [27.5, 'usage', 'vm', 'c9', -6.24],
  [28.2, 'incentive', 'credits', 'g0', 5],
  ...Array.from({ length: 38 }, (_, index): Move => [
    36 + index * 3.4,
    'usage',
    ['caas', 'ray', 'inference'][index % 3] ?? 'caas',
    ['c1', 'c2', 'meta-llama/Llama-3.3-70B-Instruct'][index % 3] ?? 'c1',
    -(2 + ((index * 37) % 50) / 10),
  ]),
];

/**
 * Entries up to number `last`, after which the balance is `balance` USD; oldest first, as in a book.
 * @param options `scale`: each of them, times an everyday account's; `moves`: what moved
 */
export function entriesOf(
  last: number,
  balance: number,
  { scale = 1, moves = MOVES }: { scale?: number; moves?: readonly Move[] } = {},
): Entry[] {
  let rest = Math.round(balance * 1e6);
  const newest = moves.map(([hours, type, service, ref, everyday], index) => {
    const amount = Math.round(everyday * scale * 100) / 100;
    const entry: Entry = {
      n: last - index,
      id: `0198a7f0-1111-7000-8000-${String(last - index).padStart(12, '0')}`,
      at: NOW - Math.round(hours * HOUR),
      service,
      type,
      amount: String(amount),
      balance: String(rest / 1e6),
      status: type === 'refused' ? 'refused' : 'completed',
      ...(ref !== undefined && { ref }),
      ...(type === 'refused' && { code: 'not_withdrawable' }),
    };
    rest -= Math.round(amount * 1e6);
    return entry;
  });
  return newest.toReversed();
}
