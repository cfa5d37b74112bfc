// Which rule answers which command.
import { openAccount, patchAccount } from './accounts.ts';
import { adjust, reverse } from './adjustments.ts';
import { setAlerts } from './alerts.ts';
import { dispute } from './chargebacks.ts';
import { charge, refund } from './charges.ts';
import { createDeployment, endDeployment, extendDeployment, setStatus } from './deployments.ts';
import { grant } from './grants.ts';
import { authorize, capture, extend, voidHold } from './holds.ts';
import { seeNotice } from './notices.ts';
import { addWallet, makePrimary, removeWallet, setProfile } from './profile.ts';
import { connectSource, disconnectSource, reportSource } from './sources.ts';
import { acceptTerms } from './terms.ts';
import { matchSuspense, paymentFailed, paymentSucceeded, startPurchase } from './purchases.ts';
import { choosePlan } from './plans.ts';
import { usage, usageBatch } from './usage.ts';
import {
  approveWithdrawal,
  cancelWithdrawal,
  failWithdrawal,
  paidWithdrawal,
  rejectWithdrawal,
  requestWithdrawal,
  sendWithdrawal,
} from './withdrawals.ts';
import { type JsonObject, type Order, Refusal } from './command.ts';
import type { Draft } from './draft.ts';

/** Runs an order's command on the draft and answers it. @throws Refusal when the rules say no. */
export function run(draft: Draft, { command, actor }: Order): JsonObject {
  switch (command.kind) {
    case 'account.open':
      return openAccount(draft);
    case 'account.patch':
      return patchAccount(draft, command, actor);
    case 'tick':
      return {};
    case 'purchase.start':
      return startPurchase(draft, command);
    case 'payment.succeeded':
      return paymentSucceeded(draft, command);
    case 'payment.failed':
      return paymentFailed(draft, command);
    case 'purchase.dispute':
      return dispute(draft, command, actor);
    case 'suspense.match':
      return matchSuspense(draft, command, actor);
    case 'grant':
      return grant(draft, command, actor);
    case 'hold.authorize':
      return authorize(draft, command);
    case 'hold.extend':
      return extend(draft, command);
    case 'hold.capture':
      return capture(draft, command);
    case 'hold.void':
      return voidHold(draft, command);
    case 'charge':
      return charge(draft, command);
    case 'charge.refund':
      return refund(draft, command);
    case 'usage':
      return usage(draft, command);
    case 'usage.batch':
      return usageBatch(draft, command);
    case 'plan.choose':
      return choosePlan(draft, command);
    case 'withdrawal.request':
      return requestWithdrawal(draft, command, actor);
    case 'withdrawal.cancel':
      return cancelWithdrawal(draft, command);
    case 'withdrawal.approve':
      return approveWithdrawal(draft, command, actor);
    case 'withdrawal.reject':
      return rejectWithdrawal(draft, command, actor);
    case 'withdrawal.send':
      return sendWithdrawal(draft, command, actor);
    case 'withdrawal.paid':
      return paidWithdrawal(draft, command, actor);
    case 'withdrawal.fail':
      return failWithdrawal(draft, command, actor);
    case 'adjustment':
      return adjust(draft, command, actor);
    case 'reversal':
      return reverse(draft, command, actor);
    case 'deployment.create':
      return createDeployment(draft, command);
    case 'deployment.status':
      return setStatus(draft, command);
    case 'deployment.extend':
      return extendDeployment(draft, command);
    case 'deployment.end':
      return endDeployment(draft, command);
    case 'notice.seen':
      return seeNotice(draft, command);
    case 'profile.set':
      return setProfile(draft, command);
    case 'wallet.add':
      return addWallet(draft, command);
    case 'wallet.remove':
      return removeWallet(draft, command);
    case 'wallet.primary':
      return makePrimary(draft, command);
    case 'terms.accept':
      return acceptTerms(draft, command);
    case 'alerts.set':
      return setAlerts(draft, command);
    case 'source.connect':
      return connectSource(draft, command);
    case 'source.report':
      return reportSource(draft, command);
    case 'source.disconnect':
      return disconnectSource(draft);
    case 'refuse':
      throw new Refusal(command.code, command.detail);
  }
}
