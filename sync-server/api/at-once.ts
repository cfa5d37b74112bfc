// How much of one kind an account may have under way at the same time: what is long must not be many.
import { Refusal } from '../ledger/command.ts';

export interface AtOnce {
  /** Begins one more; answers what ends it, once. @throws Refusal `rate_limited` */
  enter(account: string): () => void;
}

/** @param what names them in the refusal: `streams of events` */
export function createAtOnce(most: number, what: string): AtOnce {
  const running = new Map<string, number>();
  return {
    enter(account) {
      const open = running.get(account) ?? 0;
      if (open >= most) throw new Refusal('rate_limited', `An account has at most ${most} ${what} at once.`);
      running.set(account, open + 1);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        const left = (running.get(account) ?? 1) - 1;
        if (left === 0) running.delete(account);
        else running.set(account, left);
      };
    },
  };
}
