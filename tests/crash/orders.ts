// The orders that a crash test gives: a pure function of round, writer and place, so that both sides of a kill know
// them. Each writer has its holds to itself and gives its next order only when the last one is answered.
import type { Ledger } from '../../sync-server/ledger/ledger.ts';
import type { Actor, Order, Outcome } from '../../sync-server/ledger/command.ts';

export const WRITERS = 16;
/** Fewer than writers, so that orders of one account meet in one commit. */
const ACCOUNTS = 5;
/** Credits that each account starts with, in micros: more than any test can spend. */
export const FUNDS = 1_000_000_000_000n;

const SERVICE: Actor = { principal: 'compute', scope: 'service' };
const SYSTEM: Actor = { principal: 'system', scope: 'system' };
const ADMIN: Actor = { principal: 'staff', scope: 'admin' };

export const accounts = Array.from({ length: ACCOUNTS }, (_, index) => `crash-${index}`);

function accountOf(writer: number): string {
  return `crash-${writer % ACCOUNTS}`;
}

/** What an order takes from its account for good, and what it leaves under a hold, in micros. */
export interface Effect {
  spent: bigint;
  held: bigint;
}

const HOLD = 1_000n;

/** The writer's order number `count` of a round: two charges, a hold, and its capture, again and again. */
export function orderOf(round: number, writer: number, count: number): Order {
  const name = `${round}-${writer}-${count}`;
  const base = { account: accountOf(writer), actor: SERVICE, key: `crash-${name}`.padEnd(16, '-') };
  switch (count % 4) {
    case 2:
      return { ...base, command: { kind: 'hold.authorize', id: `h-${name}`, amount: HOLD, service: 'vm' } };
    case 3: {
      const id = `h-${round}-${writer}-${count - 1}`;
      return { ...base, command: { kind: 'hold.capture', id, amount: HOLD - 1n } };
    }
    default:
      return {
        ...base,
        command: { kind: 'charge', id: `c-${name}`, amount: BigInt(count + 1), service: 'ray' },
      };
  }
}

export function effectOf(count: number): Effect {
  if (count % 4 === 2) return { spent: 0n, held: HOLD };
  if (count % 4 === 3) return { spent: HOLD - 1n, held: -HOLD };
  return { spent: BigInt(count + 1), held: 0n };
}

/** Opens and funds the accounts. */
export async function prepare(ledger: Ledger): Promise<void> {
  for (const account of accounts) {
    await must(ledger, { account, actor: ADMIN, command: { kind: 'account.open', name: account } });
    const bought = await must(ledger, {
      account,
      actor: { principal: `p-${account}`, scope: 'account' },
      command: { kind: 'purchase.start', amount: FUNDS, method: 'usdc' },
    });
    const { id } = bought.answer;
    if (typeof id !== 'string') throw new Error('a purchase without an id');
    const money = { payment_id: `pay-${account}`, provider: 'sphere', amount: FUNDS };
    await must(ledger, {
      account,
      actor: SYSTEM,
      command: { kind: 'payment.succeeded', purchase_id: id, ...money },
    });
  }
}

export async function must(ledger: Ledger, order: Order): Promise<Extract<Outcome, { ok: true }>> {
  const outcome = await ledger.settle(order);
  if (!outcome.ok) throw new Error(`${order.command.kind}: ${outcome.problem.code}`);
  return outcome;
}
