// How often one caller may call: a fair share for each account, and little patience for wrong keys.
// Told in the headers of draft-ietf-httpapi-ratelimit-headers-11. Each process counts for itself.
import { hash } from 'node:crypto';
import type { Context } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { HOUR, MINUTE, type Ms, SECOND } from '../../shared/time.ts';
import type { Caller } from '../identity/caller.ts';
import { Refusal } from '../ledger/command.ts';

/** Calls in a window: reads and writes of one account or address, withdrawals of one account, sign-ins of one device. */
const POLICIES = {
  reads: { calls: 600, window: MINUTE },
  writes: { calls: 120, window: MINUTE },
  withdrawals: { calls: 5, window: HOUR },
  auth: { calls: 10, window: MINUTE },
  /** Services act for all accounts at once. */
  services: { calls: 60_000, window: MINUTE },
} as const satisfies Record<string, { calls: number; window: Ms }>;
type Policy = keyof typeof POLICIES;
// The keys of a constant table are exactly its names.
export const POLICY_NAMES = Object.keys(POLICIES) as Policy[];

export interface Limits {
  /** Counts a signed call. @throws Refusal `rate_limited` */
  take(c: Context, caller: Caller, method: string, path: string): Promise<void>;
  /** Counts a call of somebody unknown. @throws Refusal `rate_limited` */
  takeUnknown(c: Context, address: string, method: string): Promise<void>;
  /** Before a sign-in (or out) with a secret; `wish` is all that is asked with it. @throws Refusal `rate_limited` */
  trySignIn(c: Context, address: string, secret: string, wish?: string): Promise<void>;
  /** A sign-in failed. */
  failedSignIn(address: string): Promise<void>;
}

function tell(c: Context, name: Policy, policy: { calls: number; window: Ms }, state: RateLimiterRes): void {
  c.header('RateLimit-Policy', `"${name}";q=${policy.calls};w=${policy.window / SECOND}`);
  const left = Math.max(0, state.remainingPoints);
  c.header('RateLimit', `"${name}";r=${left};t=${Math.ceil(state.msBeforeNext / SECOND)}`);
}

function refusal(c: Context, { msBeforeNext }: RateLimiterRes): Refusal {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / SECOND));
  c.header('Retry-After', String(seconds));
  return new Refusal('rate_limited', `Too many calls. Ask again in ${seconds} s.`, { retry_after: seconds });
}

/** @param overrides calls per window by name, in place of the defaults */
export function createLimits(overrides: Readonly<Record<string, number>> = {}): Limits {
  const policies = Object.fromEntries(
    POLICY_NAMES.map((name) => [name, { ...POLICIES[name], calls: overrides[name] ?? POLICIES[name].calls }]),
  ) as Record<Policy, { calls: number; window: Ms }>;
  const limiters = Object.fromEntries(
    POLICY_NAMES.map((name) => [
      name,
      new RateLimiterMemory({ points: policies[name].calls, duration: policies[name].window / SECOND }),
    ]),
  ) as Record<Policy, RateLimiterMemory>;

  async function consume(c: Context, name: Policy, key: string): Promise<void> {
    try {
      tell(c, name, policies[name], await limiters[name].consume(key));
    } catch (error) {
      // The library rejects with the state when nothing is left.
      if (!(error instanceof RateLimiterRes)) throw error;
      tell(c, name, policies[name], error);
      throw refusal(c, error);
    }
  }

  const kindOf = (method: string): Policy => (method === 'get' ? 'reads' : 'writes');
  const failures = (address: string) => `from ${address}`;

  return {
    async take(c, { principal, account, scope }, method, path) {
      if (scope === 'service') return consume(c, 'services', principal);
      const key = account ?? principal;
      if (method === 'post' && path === '/credits/withdrawals') await consume(c, 'withdrawals', key);
      return consume(c, kindOf(method), key);
    },
    takeUnknown: (c, address, method) => consume(c, kindOf(method), failures(address)),
    async trySignIn(c, address, secret, wish = secret) {
      const wrong = await limiters.auth.get(failures(address));
      if (wrong && wrong.consumedPoints >= policies.auth.calls) throw refusal(c, wrong);
      // Each sign-in writes a session, for however many devices one key is used.
      await consume(c, 'writes', `with ${hash('sha256', secret, 'base64url')}`);
      await consume(c, 'auth', hash('sha256', wish, 'base64url'));
    },
    async failedSignIn(address) {
      await limiters.auth.penalty(failures(address));
    },
  };
}
