// Orders as the storage tests give them.
import type { Command, Order, Outcome } from '../command.ts';

const ADMIN = { principal: 'staff', scope: 'admin' } as const;
export const COMPUTE = { principal: 'compute', scope: 'service' } as const;
export const FINANCE = { principal: 'finance', scope: 'finance' } as const;
const SYSTEM = { principal: 'system', scope: 'system' } as const;

/** The person who owns an account. */
function owner(account: string): Order['actor'] {
  return { principal: `p-${account}`, scope: 'account' };
}

/** An order by the account's owner. */
function by(account: string, command: Command, key?: string): Order {
  return { account, actor: owner(account), command, ...(key === undefined ? {} : { key }) };
}

export function openAccount(account: string): Order {
  return { account, actor: ADMIN, command: { kind: 'account.open', name: account } };
}

/** A crypto purchase of some credits, in micros. */
export function buy(account: string, amount: bigint, key?: string): Order {
  return by(account, { kind: 'purchase.start', amount, method: 'usdc' }, key);
}

/** Free credit, in micros: what an account may be given any number of times. */
export function give(account: string, amount: bigint, key: string): Order {
  return { account, actor: FINANCE, command: { kind: 'grant', id: key, amount, source: 'promo' }, key };
}

export function pay(account: string, purchase: string, payment: string, amount: bigint): Order {
  const command = { purchase_id: purchase, payment_id: payment, provider: 'sphere', amount } as const;
  return { account, actor: SYSTEM, command: { kind: 'payment.succeeded', ...command } };
}

/** A key of at least 16 characters. */
export function keyOf(name: string): string {
  return name.padEnd(16, '-');
}

/** A text of the answer. @throws Error with the code of a refusal. */
export function textOf(outcome: Outcome, name: string): string {
  if (!outcome.ok) throw new Error(outcome.problem.code);
  const value = outcome.answer[name];
  if (typeof value !== 'string') throw new Error(`no ${name}`);
  return value;
}
