// What belongs to the person behind an account and is no money: one record, always open, with a section for each part.
import type { AlertKind, Alerts } from '../../shared/alerts.ts';
import { formatAmount, type Micros } from '../../shared/money.ts';
import type { Profile } from '../../shared/profile.ts';
import { type TaskId, TASKS, type Tasks } from '../../shared/tasks.ts';
import type { Terms } from '../../shared/terms.ts';
import { type Ms, toRfc3339 } from '../../shared/time.ts';
import type { Draft } from './draft.ts';
import type { PersonBody } from './records.ts';
import type { View } from './view.ts';

const ID = 'person';

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
  return view.find('person', ID)?.body ?? NOBODY;
}

export function keepPerson(draft: Draft, part: Partial<PersonBody>): void {
  draft.put({ kind: 'person', id: ID, open: true, links: [], body: { ...personOf(draft), ...part } });
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

/** A task of Getting Started is done by a fact; the first time counts. */
export function completeTask(draft: Draft, id: TaskId): void {
  const { tasks } = personOf(draft);
  if (tasks[id] !== undefined) return;
  keepPerson(draft, { tasks: { ...tasks, [id]: draft.now } });
  draft.show({ tasks: tasksOf(draft) });
}
