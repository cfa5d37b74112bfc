// Runs what is due, one transition at a time and each at its own instant, so that a late timer changes no outcome.
import { evaluateAlerts } from './alerts.ts';
import { turnPeriod } from './plans.ts';
import { deploymentDue, stopWorkloads } from './deployments.ts';
import type { Draft } from './draft.ts';
import { type Due, nextDue } from './due.ts';
import { suspendUnpaid } from './grace.ts';
import { expireHold, failPending } from './holds.ts';
import { expireLots, warnExpiry } from './lot-posting.ts';
import { expirePurchase } from './purchases.ts';

function transit(draft: Draft, due: Due): void {
  switch (due.kind) {
    case 'grace':
      suspendUnpaid(draft);
      stopWorkloads(draft);
      break;
    case 'lots':
      expireLots(draft);
      break;
    case 'purchase':
      expirePurchase(draft, due.id);
      break;
    case 'pending':
      failPending(draft, due.id);
      break;
    case 'hold':
      expireHold(draft, due.id);
      break;
    case 'deployment':
      deploymentDue(draft, due.id);
      break;
    case 'expiring':
      warnExpiry(draft, due.id);
      break;
    case 'plan':
      turnPeriod(draft);
      break;
    case 'alerts':
      evaluateAlerts(draft);
      break;
    case 'card':
      // Only the derived figure changes.
      draft.touch();
      break;
  }
  draft.flush();
}

/** Everything that was due by the commit instant, earliest first. */
export function runDue(draft: Draft): void {
  for (let due = nextDue(draft); due !== null && due.at <= draft.commit; due = nextDue(draft)) {
    draft.now = Math.max(draft.now, due.at);
    transit(draft, due);
  }
}
