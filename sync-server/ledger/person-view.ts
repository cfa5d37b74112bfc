// What belongs to the person behind an account and is no money, as the book's sections say it. One record keeps it.
import type { AlertKind, Alerts } from '../../shared/alerts.ts';
import { formatAmount, type Micros } from '../../shared/money.ts';
import type { Profile } from '../../shared/profile.ts';
import { TASKS, type Tasks } from '../../shared/tasks.ts';
import type { Terms } from '../../shared/terms.ts';
import { type Ms, toRfc3339 } from '../../shared/time.ts';
import type { PersonBody } from './records.ts';
import type { View } from './view.ts';

/** The id of the one record. */
export const PERSON = 'person';

/** Before anyone set anything. */
export const NOBODY: PersonBody = {
  timezone: 'UTC',
  wallets: [],
  wallets_changed_at: null,
  tasks: {},
  terms: { told: null, accepted: null, accepted_at: null },
  alerts: null,
  plan: { next: null, at: null, until: null },
};

export function personOf(view: View): PersonBody {
  return view.find('person', PERSON)?.body ?? NOBODY;
}

const maybe = (at: Ms | null) => (at === null ? null : toRfc3339(at));
const maybeAmount = (micros: Micros | null) => (micros === null ? null : formatAmount(micros));

export function profileOf(view: View): Profile {
  const { timezone, wallets } = personOf(view);
  const shown = wallets.map((wallet) => ({ ...wallet, added_at: toRfc3339(wallet.added_at) }));
  return { name: view.facts.name, timezone, wallets: shown };
}

export function tasksOf(view: View): Tasks {
  const { tasks } = personOf(view);
  return TASKS.map((id) => ({ id, done_at: maybe(tasks[id] ?? null) }));
}

export function termsOf(view: View): Terms {
  const { accepted, accepted_at } = personOf(view).terms;
  const { version, published_at } = view.rules.terms;
  return { version, published_at: toRfc3339(published_at), accepted, accepted_at: maybe(accepted_at) };
}

export function alertsOf(view: View): Alerts {
  const { alerts } = personOf(view);
  const crossed = (kind: AlertKind) => maybe(alerts?.crossed[kind] ?? null);
  return {
    thresholds: {
      balance: maybeAmount(alerts?.levels.balance ?? null),
      runway_hours: alerts?.levels.runway_hours ?? null,
      plan_share: alerts?.levels.plan_share ?? null,
      spend_per_day: maybeAmount(alerts?.levels.spend_per_day ?? null),
    },
    crossed: {
      balance: crossed('balance'),
      runway_hours: crossed('runway_hours'),
      plan_share: crossed('plan_share'),
      spend_per_day: crossed('spend_per_day'),
    },
  };
}

/** When the plan section changes by time alone: the used pool is full again, or a smaller plan begins. */
export function planDueAt(view: View): Ms | null {
  const { at, until } = personOf(view).plan;
  return at ?? until;
}
