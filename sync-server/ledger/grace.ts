// The account window: running usage below zero opens five minutes of grace, then the account is suspended (section 8).
import { formatAmount } from '../../shared/money.ts';
import { toRfc3339 } from '../../shared/time.ts';
import type { Draft } from './draft.ts';
import { notify } from './notices.ts';

/** Brings the account's state in line with its debt; called after every change of money. */
export function updateState(draft: Draft): void {
  const { state, reason, forced } = draft.facts;
  if (draft.debt === 0n) {
    const lifted = state === 'grace' || (state === 'suspended' && reason === 'unpaid');
    if (lifted) {
      draft.setFacts({ state: 'active', reason: null, grace_until: null, forced: false });
      notify(draft, 'grace_ended', null, {});
    } else if (forced) draft.setFacts({ forced: false });
  } else if (state === 'active') {
    const until = draft.now + draft.rules.grace_ms;
    draft.setFacts({ state: 'grace', grace_until: until });
    notify(draft, 'grace_started', null, { until: toRfc3339(until), debt: formatAmount(draft.debt) });
  }
}

/** The window has passed and debt is left. */
export function suspendUnpaid(draft: Draft): void {
  draft.setFacts({ state: 'suspended', reason: 'unpaid', grace_until: null });
  notify(draft, 'account_suspended', null, { reason: 'unpaid', debt: formatAmount(draft.debt) });
}
