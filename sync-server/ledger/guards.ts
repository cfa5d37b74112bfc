// Checks that many commands share, each with the refusal that it means.
import { MAX_AMOUNT, MAX_BALANCE, type Micros } from '../../shared/money.ts';
import { type Actor, Refusal } from './command.ts';
import type { View } from './view.ts';

/** An amount that one operation may move: above zero and within M3. */
export function mustBeAmount(amount: Micros): void {
  if (amount <= 0n) throw new Refusal('invalid_amount', 'An amount is more than zero.');
  if (amount > MAX_AMOUNT) {
    throw new Refusal('amount_too_large', 'One operation moves at most 1000000 credits.');
  }
}

/** The account can hold this much more (M3). */
export function fits(view: View, more: Micros): boolean {
  return view.posted + more <= MAX_BALANCE;
}

export function mustFit(view: View, more: Micros): void {
  if (!fits(view, more)) {
    throw new Refusal('amount_too_large', 'An account holds at most 1000000000 credits.');
  }
}

export function mustNotBeClosed(view: View): void {
  if (view.facts.state === 'closed') throw new Refusal('account_closed', 'This account is closed.');
}

/** New work needs an account that is neither closed nor suspended. */
export function mustBeActive(view: View): void {
  mustNotBeClosed(view);
  if (view.facts.state !== 'suspended') return;
  throw new Refusal(
    'account_suspended',
    view.facts.reason === 'unpaid'
      ? 'This account is suspended until its debt is paid.'
      : 'This account is suspended after a chargeback; only finance can lift it.',
  );
}

/** Decisions of finance are never taken by an account or a service. */
export function mustBeFinance(actor: Actor): void {
  if (actor.scope === 'account' || actor.scope === 'service') {
    throw new Refusal('forbidden', 'Only finance may do this.');
  }
}

/** Four eyes: a second, other principal stands behind it. */
export function mustBeOther(actor: Actor, approver: string): void {
  if (approver === '' || approver === actor.principal) {
    throw new Refusal('forbidden', 'This needs the approval of a second principal.');
  }
}

/** The same id was used before: fine when it asked for the same, else `duplicate_id`. */
export function mustBeSame(same: boolean, id: string): void {
  if (!same) throw new Refusal('duplicate_id', `The id ${id} was used for something else.`);
}
