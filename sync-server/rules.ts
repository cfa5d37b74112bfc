// From the environment to the rules: which figures they use, and which clock they follow.
import { type Clock, DAY, SECOND } from '../shared/time.ts';
import { createTestClock, type TestClock } from './api/movable-clock.ts';
import type { Place } from './config.ts';
import { DEFAULT_RULES, type RuleConfig } from './ledger/rules.ts';

export const systemClock: Clock = { now: () => Date.now() };

/** The rules as configured. `publicUrl` is where people find this server: payment links start with it. */
export function rulesOf(place: Place, publicUrl: string): RuleConfig {
  return {
    ...DEFAULT_RULES,
    fee_bps: BigInt(place.FIAT_FEE_BPS),
    allowance: place.ALLOWANCE,
    grace_ms: place.GRACE_SECONDS * SECOND,
    hold_ms: place.HOLD_SECONDS * SECOND,
    purchase_ttl_ms: place.PURCHASE_TTL_DAYS === null ? null : place.PURCHASE_TTL_DAYS * DAY,
    card_hold_ms: place.CARD_HOLD_DAYS * DAY,
    public_url: publicUrl,
  };
}

/** The clock that the rules follow; the second is set only when a test may move it. */
export function rulesClock(place: Place): { clock: Clock; testClock: TestClock | null } {
  if (place.CLOCK === 'system') return { clock: systemClock, testClock: null };
  const testClock = createTestClock();
  return { clock: testClock, testClock };
}
