// Paying purchased credit out: reserved on request, decided by finance, paid or returned (rules.md section 10).
import type { Withdrawal } from '../../shared/account.ts';
import { formatAmount } from '../../shared/money.ts';
import { MAX_FACT, type NoticeCode } from '../../shared/notices.ts';
import { toRfc3339 } from '../../shared/time.ts';
import { chainOf } from '../../shared/wallets.ts';
import { briefWithdrawal } from './brief.ts';
import { addBusinessDays } from './business-days.ts';
import { insufficient } from './charges.ts';
import { type Actor, type Command, type JsonObject, Refusal } from './command.ts';
import { withdrawable } from './credits.ts';
import type { Draft } from './draft.ts';
import { burn, giveBack, linksOf, NO_FUNDING } from './funding.ts';
import { mustBeActive, mustBeAmount, mustBeFinance } from './guards.ts';
import { available, spendable } from './lots.ts';
import { notify } from './notices.ts';
import { credited } from './pending.ts';
import { personOf } from './person-view.ts';
import type { RecordOf, WithdrawalBody } from './records.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;
type Request = RecordOf<'withdrawal'>;
type Status = WithdrawalBody['status'];

/** So many withdrawals of one account may be open at once: all of them stand in its book. */
export const MAX_OPEN_WITHDRAWALS = 20;

/** Business days until the review is promised, and until finance is reminded. */
const DUE_DAYS = 7;
const REMIND_DAYS = 3;

/** A withdrawal as its owner sees it, in the book and over HTTP. */
export function shown({ id, body }: Request): Withdrawal {
  return {
    id,
    status: body.status,
    amount: formatAmount(body.amount),
    wallet_address: body.wallet_address,
    requested_at: toRfc3339(body.requested_at),
    due_by: toRfc3339(body.due_by),
    tx_url: body.tx_url,
    reason: body.reason,
  };
}

function answer(request: Request): JsonObject {
  return { ...shown(request), approvals: request.body.approvals };
}

function keep(draft: Draft, request: Request, part: Partial<WithdrawalBody>): JsonObject {
  const body = { ...request.body, ...part };
  const next = { ...request, open: !isFinal(body.status), links: linksOf(body.slices), body };
  draft.put(next);
  draft.show({ withdrawals: briefWithdrawal(shown(next)) });
  return answer(next);
}

function isFinal(status: Status): boolean {
  return status === 'paid' || status === 'cancelled' || status === 'rejected' || status === 'failed';
}

/** `withdrawal.request`: the amount leaves the lots and can be neither spent nor withdrawn twice. */
export function requestWithdrawal(draft: Draft, command: Of<'withdrawal.request'>, actor: Actor): JsonObject {
  const { amount, wallet_address } = command;
  mustBeActive(draft);
  mustBeAmount(amount);
  if (chainOf(wallet_address) === null) {
    throw new Refusal('invalid_request', 'A withdrawal goes to a Solana or an Aptos address.');
  }
  if (amount < draft.rules.min_withdrawal) {
    const least = formatAmount(draft.rules.min_withdrawal);
    throw new Refusal('amount_below_minimum', `The smallest withdrawal is ${least} credits.`);
  }
  if (amount > withdrawable(draft)) {
    if (available(draft, null) < amount) throw insufficient(draft, amount, null);
    throw new Refusal('not_withdrawable', 'Only purchased credits can be withdrawn.', {
      withdrawable: formatAmount(withdrawable(draft)),
    });
  }
  if (draft.open('withdrawal').length >= MAX_OPEN_WITHDRAWALS) {
    throw new Refusal('rate_limited', `${MAX_OPEN_WITHDRAWALS} withdrawals are open; wait for one to end.`);
  }
  const id = draft.id();
  const lots = spendable(draft, null).filter(
    ({ body }) => body.withdrawable && (body.withdrawable_from ?? 0) <= draft.now,
  );
  const legs = draft.begin();
  const funding = burn(draft, legs, lots, amount);
  legs.add('reserved', amount);
  const transfer = legs.post('withdrawal.reserve', { of: `withdrawal:${id}` });
  const body: WithdrawalBody = {
    ...funding,
    amount,
    status: 'requested',
    wallet_address,
    requested_by: actor.principal,
    requested_at: draft.now,
    remind_at: addBusinessDays(draft.now, REMIND_DAYS),
    due_by: addBusinessDays(draft.now, DUE_DAYS),
    approvals: [],
    flags: flagsOf(draft),
    tx_url: null,
    reason: null,
  };
  // Reserved money is still in the posted total; the amount of a waiting one stands in the withdrawals section.
  note(draft, transfer, id, 'pending');
  const request = { kind: 'withdrawal' as const, id, open: true, links: [], body };
  const shownNow = keep(draft, request, {});
  draft.flush();
  return shownNow;
}

/** Wallets that changed just before are a sign of a stolen account (rules.md section 10). */
function flagsOf(draft: Draft): string[] {
  const changed = personOf(draft).wallets_changed_at;
  return changed !== null && draft.now - changed < draft.rules.address_change_ms ? ['address_changed'] : [];
}

function note(draft: Draft, transfer: string, ref: string, status: string, amount = 0n): void {
  draft.entry({ id: transfer, service: 'credits', type: 'withdrawal', amount, status, ref });
}

/** Finds a request that is in one of these states, or already where the command would bring it. */
function take(draft: Draft, id: string, from: Status[], to: Status): Request {
  const request = draft.find('withdrawal', id);
  if (!request) throw new Refusal('withdrawal_not_found', 'There is no such withdrawal.');
  const { status } = request.body;
  if (status !== to && !from.includes(status)) {
    throw new Refusal('withdrawal_state', `This withdrawal is ${status}.`, { state: status });
  }
  return request;
}

/** Puts the reserved money back where it came from; its owner is told by `notice` unless they asked for it. */
function giveUp(
  draft: Draft,
  request: Request,
  part: Partial<WithdrawalBody>,
  notice?: NoticeCode,
): JsonObject {
  const { amount } = request.body;
  const legs = draft.begin();
  legs.add('reserved', -amount);
  giveBack(draft, legs, request.body, amount, 'refund');
  const transfer = legs.post('withdrawal.release', { of: `withdrawal:${request.id}` });
  note(draft, transfer, request.id, 'returned');
  const shownNow = keep(draft, request, { ...part, ...NO_FUNDING });
  if (notice) {
    const reason = part.reason?.slice(0, MAX_FACT);
    notify(draft, notice, request.id, { amount: formatAmount(amount), ...(reason && { reason }) });
  }
  credited(draft);
  return shownNow;
}

/** `withdrawal.cancel`: by its owner, before it is approved. */
export function cancelWithdrawal(draft: Draft, { id }: Of<'withdrawal.cancel'>): JsonObject {
  const request = take(draft, id, ['requested', 'in_review'], 'cancelled');
  return request.open ? giveUp(draft, request, { status: 'cancelled' }) : answer(request);
}

/**
 * `withdrawal.approve`: never by who asked for it; large ones need two different principals. A suspended account is
 * paid nothing: its request waits until finance rejects it or lifts the suspension.
 */
export function approveWithdrawal(draft: Draft, { id }: Of<'withdrawal.approve'>, actor: Actor): JsonObject {
  mustBeFinance(actor);
  const request = take(draft, id, ['requested', 'in_review'], 'approved');
  const { status, requested_by, approvals, amount } = request.body;
  if (actor.principal === requested_by) {
    throw new Refusal('forbidden', 'Who requested a withdrawal cannot approve it.');
  }
  if (status === 'approved') return answer(request);
  mustBeActive(draft);
  if (approvals.includes(actor.principal)) {
    throw new Refusal('forbidden', 'A second principal has to approve this withdrawal.');
  }
  const all = [...approvals, actor.principal];
  const enough = amount < draft.rules.second_approver_from || all.length > 1;
  const shownNow = keep(draft, request, { approvals: all, status: enough ? 'approved' : 'in_review' });
  if (enough) notify(draft, 'withdrawal_approved', id, { amount: formatAmount(amount) });
  draft.flush();
  return shownNow;
}

/** `withdrawal.reject`: the money returns, with the reason. */
export function rejectWithdrawal(
  draft: Draft,
  { id, reason }: Of<'withdrawal.reject'>,
  actor: Actor,
): JsonObject {
  mustBeFinance(actor);
  const request = take(draft, id, ['requested', 'in_review', 'approved'], 'rejected');
  if (!request.open) return answer(request);
  return giveUp(draft, request, { status: 'rejected', reason }, 'withdrawal_rejected');
}

/** `withdrawal.send`: the payout is on its way, unless the account was suspended; from here it is paid or fails. */
export function sendWithdrawal(draft: Draft, { id }: Of<'withdrawal.send'>, actor: Actor): JsonObject {
  mustBeFinance(actor);
  const request = take(draft, id, ['approved'], 'processing');
  if (request.body.status === 'processing') return answer(request);
  mustBeActive(draft);
  const shownNow = keep(draft, request, { status: 'processing' });
  draft.flush();
  return shownNow;
}

/** `withdrawal.paid`: the money has left, with a link to the transaction. Twice is once. */
export function paidWithdrawal(
  draft: Draft,
  { id, tx_url }: Of<'withdrawal.paid'>,
  actor: Actor,
): JsonObject {
  mustBeFinance(actor);
  const request = take(draft, id, ['processing'], 'paid');
  if (!request.open) return answer(request);
  const { amount } = request.body;
  const legs = draft.begin();
  legs.add('reserved', -amount);
  legs.add('asset:treasury:usdc', amount);
  const transfer = legs.post('withdrawal.paid', { of: `withdrawal:${id}` });
  draft.setFacts({ paid_out: draft.facts.paid_out + amount });
  note(draft, transfer, id, 'paid', -amount);
  const shownNow = keep(draft, request, { status: 'paid', tx_url, ...NO_FUNDING });
  notify(draft, 'withdrawal_paid', id, { amount: formatAmount(amount) });
  // With the request closed the allowance is back, which a waiting hold may fit.
  credited(draft);
  return shownNow;
}

/** `withdrawal.fail`: the payout bounced, the money is back. */
export function failWithdrawal(draft: Draft, { id }: Of<'withdrawal.fail'>, actor: Actor): JsonObject {
  mustBeFinance(actor);
  const request = take(draft, id, ['processing'], 'failed');
  return request.open ? giveUp(draft, request, { status: 'failed' }, 'withdrawal_failed') : answer(request);
}
