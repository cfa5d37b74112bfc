// Account states kept between batches, so that a hot account is not read again. What it holds is as committed.
import type { AccountState } from '../state.ts';

/** Records that an account may keep in memory before closed ones are dropped: every decision goes over all of them. */
const RECORDS_KEPT = 8;

export interface CachedState {
  state: AccountState;
  /** `account.version` that this state was true at. */
  version: number;
}

/** The least recently used account falls off first. */
export class StateCache {
  #states = new Map<string, CachedState>();
  #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(account: string): CachedState | undefined {
    const found = this.#states.get(account);
    if (found) {
      this.#states.delete(account);
      this.#states.set(account, found);
    }
    return found;
  }

  set(account: string, state: AccountState, version: number): void {
    this.#states.delete(account);
    this.#states.set(account, { state: trim(state), version });
    if (this.#states.size > this.#capacity) {
      const oldest = this.#states.keys().next();
      if (!oldest.done) this.#states.delete(oldest.value);
    }
  }

  /** After a commit that failed, nobody knows what is true: the next batch reads again. */
  forget(accounts: Iterable<string>): void {
    for (const account of accounts) this.#states.delete(account);
  }
}

/** Drops closed records once they are many, except those that open ones lead to. */
function trim(state: AccountState): AccountState {
  if (state.records.size <= RECORDS_KEPT) return state;
  const open = [...state.records.values()].filter((record) => record.open);
  const kept = new Map<string, (typeof open)[number]>();
  const waiting = open;
  for (let record = waiting.pop(); record; record = waiting.pop()) {
    const key = `${record.kind}:${record.id}`;
    if (kept.has(key)) continue;
    kept.set(key, record);
    for (const link of record.links) {
      const linked = state.records.get(link);
      if (linked) waiting.push(linked);
    }
  }
  return { ...state, records: kept };
}
