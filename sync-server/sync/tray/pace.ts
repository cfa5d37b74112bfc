// How fast one account's proposals are taken: each is a row of the journal for good, so a device that means ill could
// fill the disk with refusals. Far above what people do; beyond it proposals wait, none is turned away.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, type Ms, SECOND } from '../../../shared/time.ts';
import { Bucket } from '../limits.ts';

/** Proposals of one account: a day's backlog of several devices at once, then a steady stream. */
export const PROPOSALS = { per_second: 100, burst: 5_000 } as const;

/** By then a bucket is full again and need not be remembered. */
const FORGET_AFTER: Ms = (PROPOSALS.burst / PROPOSALS.per_second) * SECOND;

export interface Pace {
  /** Answers when this many more may be settled. */
  wait(account: string, count: number): Promise<void>;
  sweep(): void;
}

/**
 * @param limited false never lets anybody wait
 * @param pause lets time pass, by `clock`
 */
export function createPace(
  clock: Clock,
  limited: boolean,
  pause: (ms: Ms) => Promise<unknown> = sleep,
): Pace {
  const known = new Map<string, { bucket: Bucket; usedAt: Ms }>();
  return {
    async wait(account, count) {
      if (!limited) return;
      const one = known.get(account) ?? {
        bucket: new Bucket(clock, PROPOSALS.per_second, PROPOSALS.burst),
        usedAt: 0,
      };
      known.set(account, one);
      one.usedAt = clock.now();
      while (!one.bucket.take(count)) await pause((count / PROPOSALS.per_second) * SECOND);
    },
    sweep() {
      for (const [account, { usedAt }] of known) {
        if (clock.now() - usedAt > FORGET_AFTER) known.delete(account);
      }
    },
  };
}
