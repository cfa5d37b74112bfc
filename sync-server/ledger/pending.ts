// Checkout holds coming to be: the decision for a new request, and its repetition for waiting ones (sections 5, 8).
import type { Micros } from '../../shared/money.ts';
import { allowance, isActive } from './credits.ts';
import type { Draft } from './draft.ts';
import { followHold } from './deployment-record.ts';
import { linksOf, pay, repay } from './funding.ts';
import { updateState } from './grace.ts';
import { available } from './lots.ts';
import type { HoldBody } from './records.ts';
import type { View } from './view.ts';

/** What is missing for an amount, before any allowance; 0 when it is covered. */
export function shortfall(view: View, request: Pick<HoldBody, 'amount' | 'service'>): Micros {
  const missing = request.amount - available(view, request.service);
  return missing > 0n ? missing : 0n;
}

/** Whether a request fits now: covered, or within the allowance (the floor is inclusive). */
export function fitsNow(
  view: View,
  request: Pick<HoldBody, 'amount' | 'service' | 'use_allowance'>,
): boolean {
  const floor = request.use_allowance ? allowance(view) : 0n;
  return isActive(view) && available(view, request.service) - request.amount >= -floor;
}

/** Moves the money under the hold, lot by lot. */
export function place(draft: Draft, id: string, body: HoldBody): void {
  const legs = draft.begin();
  const funding = pay(draft, legs, body.service, body.amount);
  legs.add('held', body.amount);
  legs.post('hold.create', { of: `hold:${id}` });
  draft.put({
    kind: 'hold',
    id,
    open: true,
    links: linksOf(funding.slices),
    body: { ...body, ...funding, status: 'authorized', until: draft.now + draft.rules.hold_ms },
  });
  updateState(draft);
}

/** Tries every waiting request again, oldest first; a big one does not block a small one. */
function retryPending(draft: Draft): void {
  const waiting = draft.open('hold').filter(({ body }) => body.status === 'pending_payment');
  for (const { id, body } of waiting.toSorted((a, b) => a.body.no - b.body.no)) {
    if (!fitsNow(draft, body)) continue;
    place(draft, id, body);
    followHold(draft, id);
    draft.flush();
  }
}

/**
 * After new credit: debt is repaid first, the account's window closes when nothing is owed, and waiting requests are
 * decided anew. Also ends the step that brought the credit.
 */
export function credited(draft: Draft): void {
  const legs = draft.begin();
  repay(draft, legs);
  if (!legs.empty) legs.post('debt.repay');
  updateState(draft);
  draft.flush();
  retryPending(draft);
}
