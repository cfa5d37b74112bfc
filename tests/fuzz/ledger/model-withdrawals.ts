// Withdrawals in the model (rules.md section 10).
import type { Leg } from './book.ts';
import type { ModelAccount } from './model-account.ts';
import type { Withdrawal } from './model-facts.ts';
import { type ActOf, check, CREDIT, type Facts, found, micros, runs } from './model-guard.ts';

const SECOND_APPROVER = 1_000n * CREDIT;

export function request(account: ModelAccount, at: number, { id, amount: text }: ActOf<'wd'>): Facts {
  const amount = micros(text);
  runs(account);
  check(amount >= CREDIT, 'amount_below_minimum');
  check(account.book.debt === 0n, 'insufficient_credits');
  const short = amount <= account.available(at) ? 'not_withdrawable' : 'insufficient_credits';
  check(amount <= account.withdrawable(at), short);
  const legs = account.book.take(`withdrawal:${id}`, amount, account.withdrawableLots(at));
  account.book.post([...legs, { name: 'reserved', micros: amount }]);
  account.withdrawals.set(id, { id, amount, status: 'requested', approvals: [] });
  return { status: 'requested' };
}

export function approve(account: ModelAccount, { id, by }: ActOf<'approve'>): Facts {
  const withdrawal = found(account.withdrawals.get(id), 'withdrawal_not_found');
  const finance = by.startsWith('finance');
  if (withdrawal.status === 'approved' && finance) return { status: 'approved' };
  check(withdrawal.status !== 'approved', 'forbidden');
  check(withdrawal.status === 'requested' || withdrawal.status === 'in_review', 'withdrawal_state');
  check(finance, 'forbidden');
  runs(account);
  check(!withdrawal.approvals.includes(by), 'forbidden');
  withdrawal.approvals.push(by);
  const enough = withdrawal.amount < SECOND_APPROVER || withdrawal.approvals.length >= 2;
  withdrawal.status = enough ? 'approved' : 'in_review';
  return { status: withdrawal.status };
}

const FROM: Record<'cancel' | 'reject' | 'send' | 'paid' | 'payoutFailed', Withdrawal['status'][]> = {
  cancel: ['requested', 'in_review'],
  reject: ['requested', 'in_review', 'approved'],
  send: ['approved'],
  paid: ['processing'],
  payoutFailed: ['processing'],
};
const TO = {
  cancel: 'cancelled',
  reject: 'rejected',
  send: 'processing',
  paid: 'paid',
  payoutFailed: 'failed',
} as const;

export function decideWithdrawal(account: ModelAccount, at: number, act: ActOf<keyof typeof FROM>): Facts {
  const withdrawal = found(account.withdrawals.get(act.id), 'withdrawal_not_found');
  const status = TO[act.verb];
  if (withdrawal.status === status) return { status };
  check(FROM[act.verb].includes(withdrawal.status), 'withdrawal_state');
  if (act.verb === 'send') runs(account);
  const { amount } = withdrawal;
  const reserved: Leg = { name: 'reserved', micros: -amount };
  if (act.verb === 'paid') account.book.post([reserved, { name: 'asset:treasury', micros: amount }]);
  else if (act.verb !== 'send') {
    account.book.post([reserved, ...account.giveBack(at, `withdrawal:${act.id}`, amount, 'refunded')]);
  }
  withdrawal.status = status;
  return { status };
}
