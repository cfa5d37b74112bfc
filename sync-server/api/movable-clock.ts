// CLOCK=test: the rules' time stands still until somebody moves it forward.
import { type Clock, type Ms, toRfc3339 } from '../../shared/time.ts';
import { Refusal } from '../ledger/command.ts';

/** Where a test clock starts. */
export const TEST_EPOCH: Ms = Date.UTC(2026, 0, 1);
export interface TestClock extends Clock {
  /** @throws Refusal `invalid_request` for an instant before the present one */
  moveTo(at: Ms): void;
}

export function createTestClock(): TestClock {
  let present = TEST_EPOCH;
  return {
    now: () => present,
    moveTo(at) {
      if (at < present)
        throw new Refusal('invalid_request', 'Time goes forward only.', { now: toRfc3339(present) });
      present = at;
    },
  };
}
