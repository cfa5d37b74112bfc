// An account's beginning, and what finance may set on it.
import { toRfc3339 } from '../../shared/time.ts';
import { NO_HASH } from '../../shared/chain.ts';
import { MAX_AMOUNT } from '../../shared/money.ts';
import { type Actor, type Command, type JsonObject, Refusal } from './command.ts';
import type { Draft } from './draft.ts';
import { updateState } from './grace.ts';
import { mustBeFinance } from './guards.ts';
import { credited } from './pending.ts';
import { alertsOf, NOBODY, profileOf, tasksOf, termsOf } from './person-view.ts';
import { keepPerson } from './person.ts';
import { planOf } from './plans.ts';
import type { AccountState } from './state.ts';

/** What an account is before anything happened to it. */
export function unopened(id: string, name: string, now: number): AccountState {
  return {
    id,
    head: { seq: 0, n: 0, hash: NO_HASH, at: now },
    facts: {
      name,
      opened_at: now,
      state: 'active',
      reason: null,
      grace_until: null,
      allowance: null,
      forced: false,
      settled: 0n,
      charged_back: 0n,
      paid_out: 0n,
      plan: 'standard',
      today: null,
      no: 0,
    },
    balances: new Map(),
    records: new Map(),
  };
}

/** `account.open`: the first journal row. Opening again changes nothing. */
export function openAccount(draft: Draft): JsonObject {
  const { name, opened_at } = draft.facts;
  if (draft.seq === 0) {
    draft.touch();
    keepPerson(draft, { terms: { ...NOBODY.terms, told: draft.rules.terms.version } });
    draft.show({
      profile: profileOf(draft),
      plan: planOf(draft),
      tasks: tasksOf(draft),
      alerts: alertsOf(draft),
      terms: termsOf(draft),
    });
    draft.flush();
  }
  return { id: draft.account, name, opened_at: toRfc3339(opened_at) };
}

/** `account.patch`: another allowance, closing, or lifting a suspension. */
export function patchAccount(
  draft: Draft,
  command: Extract<Command, { kind: 'account.patch' }>,
  actor: Actor,
): JsonObject {
  mustBeFinance(actor);
  const { allowance, state } = command;
  if (allowance !== undefined && (allowance < 0n || allowance > MAX_AMOUNT)) {
    throw new Refusal('invalid_amount', 'An allowance is between 0 and 1000000 credits.');
  }
  draft.setFacts({
    ...(allowance !== undefined && { allowance, forced: draft.facts.forced || draft.debt > allowance }),
    ...(state && { state, reason: null, grace_until: null }),
  });
  updateState(draft);
  credited(draft);
  return { id: draft.account, state: draft.facts.state };
}
