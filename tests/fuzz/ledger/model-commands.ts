// What each word does to a model account: all checks first, then legs. Rule numbers are those of rules.md.
import type { Lot } from './book.ts';
import { GRACE, type ModelAccount } from './model-account.ts';
import type { Hold } from './model-facts.ts';
import { type ActOf, check, type Facts, found, micros, runs, words } from './model-guard.ts';
import { buy, dispute, match, settle } from './model-purchases.ts';
import { approve, decideWithdrawal, request } from './model-withdrawals.ts';
import { choosePlan, use } from './model-usage.ts';
import type { Act } from './step.ts';
import { START } from './terms.ts';

const GRANT_PRIORITY = 10;
const HOLD_LONGEST = 86_400_000;

/** Does one act, or throws `Refused` with nothing changed. `at` is the commit instant. */
export function commands(account: ModelAccount, at: number, payments: Map<string, string>, act: Act): Facts {
  switch (act.verb) {
    case 'buy':
      return buy(account, at, act);
    case 'settle':
      return settle(account, at, payments, act);
    case 'payfail': {
      const purchase = found(account.purchases.get(act.id), 'not_found');
      if (purchase.status === 'pending') purchase.status = 'failed';
      return {};
    }
    case 'dispute':
      return dispute(account, act);
    case 'grant':
      return grant(account, at, act);
    case 'auth':
      return auth(account, at, act);
    case 'capture':
      return capture(account, at, act);
    case 'void':
      return voidHold(account, at, act);
    case 'extend':
      return extend(account, at, act);
    case 'charge':
      return charge(account, at, act);
    case 'refund':
      return refund(account, at, act);
    case 'wd':
      return request(account, at, act);
    case 'approve':
      return approve(account, act);
    case 'cancel':
    case 'reject':
    case 'send':
    case 'paid':
    case 'payoutFailed':
      return decideWithdrawal(account, at, act);
    case 'match':
      return match(account, at, act);
    case 'adjust':
      return adjust(account, at, act);
    case 'use':
      return use(account, at, START, act);
    case 'plan':
      return choosePlan(account, at, START, act);
    case 'patch':
      return patch(account, act);
    case 'check':
      return ask(account, at, act);
    case 'tick':
      return {};
    default:
      return act satisfies never;
  }
}

function grant(account: ModelAccount, at: number, act: ActOf<'grant'>): Facts {
  const amount = micros(act.amount);
  check(account.state !== 'closed', 'account_closed');
  check(act.expiresAt === undefined || act.expiresAt > at, 'invalid_request');
  const lot: Lot = account.book.addLot({
    source: act.source,
    withdrawable: false,
    priority: act.priority ?? GRANT_PRIORITY,
    services: act.services ?? null,
    createdAt: at,
    expiresAt: act.expiresAt ?? null,
    purchase: null,
    withdrawableFrom: 0,
  });
  account.book.post([
    { name: act.source === 'goodwill' ? 'expense:goodwill' : 'expense:promo', micros: -amount },
    { name: lot.name, micros: amount },
  ]);
  return {};
}

/** Finance corrects unrestricted credit with a second principal; what goes out must be there. */
function adjust(account: ModelAccount, at: number, act: ActOf<'adjust'>): Facts {
  const amount = micros(act.amount);
  check(act.approver !== 'finance-1', 'forbidden');
  if (act.out === true) {
    check(account.available(at) >= amount, 'insufficient_credits');
    const legs = account.book.take(`adjustment:${act.id}`, amount, account.usable(at, null));
    account.book.post([...legs, { name: 'expense:goodwill', micros: amount }]);
    return {};
  }
  const lot = account.book.addLot({
    source: 'goodwill',
    withdrawable: false,
    priority: GRANT_PRIORITY,
    services: null,
    createdAt: at,
    expiresAt: null,
    purchase: null,
    withdrawableFrom: 0,
  });
  account.book.post([
    { name: 'expense:goodwill', micros: -amount },
    { name: lot.name, micros: amount },
  ]);
  return {};
}

function auth(account: ModelAccount, at: number, act: ActOf<'auth'>): Facts {
  const amount = micros(act.amount);
  runs(account);
  const useAllowance = act.useAllowance ?? true;
  const fits = account.fits(at, amount, act.service, useAllowance ? account.allowance : 0n);
  check(fits || act.onInsufficient !== 'fail', 'insufficient_credits');
  const { id, service } = act;
  const hold = {
    id,
    amount,
    service,
    useAllowance,
    status: 'pending' as const,
    createdAt: at,
    until: at + GRACE,
    captured: 0n,
  };
  account.holds.set(id, hold);
  if (!fits) return { status: 'pending_payment' };
  account.authorize(at, hold);
  return { status: 'authorized' };
}

/** What time has ended says how (section 8: FAILED(grace_expired); C12). */
function notEnded(hold: Hold): void {
  check(hold.status !== 'failed', 'grace_expired');
  check(hold.status !== 'expired', 'hold_expired');
}

function capture(account: ModelAccount, at: number, act: ActOf<'capture'>): Facts {
  const amount = micros(act.amount);
  const hold = found(account.holds.get(act.id), 'hold_not_found');
  if (hold.status === 'captured' && hold.captured === amount) return { status: 'captured' };
  notEnded(hold);
  check(hold.status === 'authorized', 'hold_not_open');
  check(amount <= hold.amount, 'capture_exceeds_hold');
  account.capture(at, hold, amount);
  return { status: 'captured' };
}

function voidHold(account: ModelAccount, at: number, { id }: ActOf<'void'>): Facts {
  const hold = found(account.holds.get(id), 'hold_not_found');
  if (hold.status === 'void') return { status: 'void' };
  notEnded(hold);
  check(hold.status === 'authorized' || hold.status === 'pending', 'hold_not_open');
  if (hold.status === 'authorized') account.release(at, hold, 'void');
  hold.status = 'void';
  return { status: 'void' };
}

function extend(account: ModelAccount, at: number, { id, until }: ActOf<'extend'>): Facts {
  const hold = found(account.holds.get(id), 'hold_not_found');
  notEnded(hold);
  check(hold.status === 'authorized', 'hold_not_open');
  check(until >= at, 'invalid_request');
  // It never gets shorter, and never lives longer than a day (contract.md, Deployments).
  hold.until = Math.max(hold.until, Math.min(until, hold.createdAt + HOLD_LONGEST));
  return {};
}

function charge(account: ModelAccount, at: number, act: ActOf<'charge'>): Facts {
  const amount = micros(act.amount);
  // `c:<hold id>` is what a capture makes (contract.md), `u:<usage id>` what metered use does.
  check(!/^[cu]:/.test(act.id), 'invalid_request');
  if (act.force === true) check(account.state !== 'closed', 'account_closed');
  else {
    runs(account);
    const { allowance } = account;
    const belowZero = allowance > 0n || account.available(at) < 0n;
    check(
      account.fits(at, amount, act.service, allowance),
      belowZero ? 'allowance_exhausted' : 'insufficient_credits',
    );
  }
  account.spend(at, { id: act.id, amount, service: act.service, refunded: 0n });
  return {};
}

function refund(account: ModelAccount, at: number, act: ActOf<'refund'>): Facts {
  const amount = micros(act.amount);
  const charge = found(account.charges.get(act.charge), 'charge_not_found');
  check(charge.refunded + amount <= charge.amount, 'refund_exceeds_charge');
  const legs = account.giveBack(at, `charge:${charge.id}`, amount, 'refunded');
  account.book.post([{ name: `revenue:${charge.service}`, micros: -amount }, ...legs]);
  charge.refunded += amount;
  return {};
}

function patch(account: ModelAccount, { allowance, state }: ActOf<'patch'>): Facts {
  account.patches += 1;
  if (allowance !== undefined) account.configuredAllowance = micros(allowance, 'allowed');
  if (state !== undefined) {
    account.state = state;
    account.suspendedFor = null;
    account.graceUntil = null;
  }
  return {};
}

function ask(account: ModelAccount, at: number, { amount: text, service }: ActOf<'check'>): Facts {
  const amount = micros(text, 'allowed');
  const available = account.available(at, service ?? null);
  const { allowance } = account;
  const shortfall = amount > available ? amount - available : 0n;
  const sufficient = shortfall === 0n;
  let decision = shortfall <= allowance ? 'approve_with_allowance' : 'pending_payment';
  if (sufficient) decision = 'approve';
  if (!account.running) decision = 'refuse';
  return {
    available: words(available),
    allowance: words(allowance),
    shortfall: words(shortfall),
    sufficient,
    decision,
  };
}
