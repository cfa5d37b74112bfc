// What the owner of the simulated account does besides spending: settles in, sets thresholds, reads notices.
import { MICROS_PER_CREDIT } from '../../../shared/money.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/time.ts';
import type { Command } from '../../ledger/command.ts';
import type { Plot, Step } from './story.ts';

/** A made-up Solana wallet: nobody has its key. */
export const DEMO_WALLET = '3cDEdqz9CKS7FhBJ5RtYVsPk3nuTtjzr9ozAxKgYrEMs';

function once(name: string, life: number, command: Command): Step {
  return { life, name: `person/${name}`, role: 'owner', act: () => command };
}

/** No wallet is added: what is left to do is for whoever tries the demo. */
const SETTLING: readonly Step[] = [
  once('profile', 9 * HOUR, { kind: 'profile.set', name: 'Ada Demo' }),
  once('alerts', 3 * DAY + 9 * HOUR, {
    kind: 'alerts.set',
    levels: {
      balance: 50n * MICROS_PER_CREDIT,
      runway_hours: 24,
      plan_share: 90,
      spend_per_day: 120n * MICROS_PER_CREDIT,
    },
  }),
  once('plan', 5 * DAY + 9 * HOUR, { kind: 'plan.choose', plan: 'professional' }),
];

/** The owner looks through the notices every so many days. */
const READS_EVERY = 6;
/** Notices younger than this stay unread. */
const FRESH = 20 * HOUR;

export function personSteps({ rules }: Plot, day: number): Step[] {
  const read: Step = {
    life: day * DAY + 18 * HOUR + 20 * MINUTE,
    name: `person/reads-${day}`,
    role: 'owner',
    act: async ({ at, unseen }) => (await unseen(at - FRESH)).map((id) => ({ kind: 'notice.seen', id })),
  };
  const terms = once('terms', 9 * HOUR + MINUTE, { kind: 'terms.accept', version: rules.terms.version });
  const settling = [...SETTLING, terms].filter(({ life }) => Math.floor(life / DAY) === day);
  return day % READS_EVERY === READS_EVERY - 1 ? [...settling, read] : settling;
}
