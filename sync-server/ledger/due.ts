// What happens by time alone, and when. Each transition has its own instant, at which it is posted however late it runs.
import type { Ms } from '../../shared/time.ts';
import { lotKey } from './lots.ts';
import { personOf, planDueAt } from './person-view.ts';
import type { View } from './view.ts';

/** Transitions in the order in which they run when they are due at the same instant. */
const RANK = {
  grace: 0,
  pending: 1,
  lots: 2,
  hold: 3,
  purchase: 4,
  card: 5,
  deployment: 6,
  expiring: 7,
  plan: 8,
  alerts: 9,
} as const;
export type DueKind = keyof typeof RANK;

export interface Due {
  at: Ms;
  kind: DueKind;
  /** Record id; empty where the kind says it all. */
  id: string;
  no: number;
}

function earlier(a: Due, b: Due): boolean {
  return a.at !== b.at ? a.at < b.at : a.kind !== b.kind ? RANK[a.kind] < RANK[b.kind] : a.no < b.no;
}

/**
 * The next thing that happens by time alone; null when nothing will. A window includes its last instant, so what ends
 * it is due one millisecond later; an expiry is exclusive. Without `everything` only what changes the credits counts.
 */
export function nextDue(view: View, everything = true): Due | null {
  let next: Due | null = null;
  const offer = (at: Ms, kind: DueKind, id: string, no: number) => {
    const due = { at, kind, id, no };
    if (next === null || earlier(due, next)) next = due;
  };
  const { facts } = view;
  if (facts.state === 'grace' && facts.grace_until !== null) offer(facts.grace_until + 1, 'grace', '', 0);
  for (const lot of view.open('lot')) {
    if (view.balance(lotKey(lot)) === 0n) continue;
    const { expires_at, withdrawable_from, no, created_at, warned } = lot.body;
    if (expires_at !== null) offer(expires_at, 'lots', '', 0);
    if (everything && expires_at !== null && !warned) {
      const at = expires_at - view.rules.expiry_notice_ms;
      // Credit that lives no longer than the warning needs none.
      if (at > created_at) offer(at, 'expiring', lot.id, no);
    }
    if (withdrawable_from !== null && withdrawable_from > view.now) offer(withdrawable_from, 'card', '', no);
  }
  for (const { id, body } of view.open('hold')) {
    offer(body.until + 1, body.status === 'pending_payment' ? 'pending' : 'hold', id, body.no);
  }
  if (!everything) return next;
  for (const { id, body } of view.open('purchase')) {
    offer(body.created_at + view.rules.purchase_open_ms + 1, 'purchase', id, body.no);
  }
  const planAt = planDueAt(view);
  if (planAt !== null) offer(planAt, 'plan', '', 0);
  const lookAt = personOf(view).alerts?.check_at ?? null;
  if (lookAt !== null) offer(lookAt, 'alerts', '', 0);
  for (const { id, body } of view.open('deployment')) {
    if (body.stopped_at !== null)
      offer(body.stopped_at + view.rules.termination_ms, 'deployment', id, body.no);
    else if (body.ends_at !== null) offer(body.ends_at, 'deployment', id, body.no);
  }
  return next;
}

/** The next instant at which the credits section changes by time alone. */
export function nextChange(view: View): Ms | null {
  return nextDue(view, false)?.at ?? null;
}
