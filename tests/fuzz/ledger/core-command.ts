// The words of a script as orders to the core.
import { MAX_BALANCE, type Micros, parseAmount, parseAmountOrZero } from '../../../shared/money.ts';
import type { Actor, Command } from '../../../sync-server/ledger/command.ts';
import { type Act, principalOf, type Who } from './step.ts';
import { PRICES, START } from './terms.ts';

const WALLET = '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU';

/** What the ledger named itself, and what a provider or finance would look up. */
export interface Names {
  /** The ledger's id of what a script names. */
  known(name: string): string;
  /** What the buyer was told to pay. */
  price(name: string): Micros;
  suspense(payment: string): string;
}

/** The order's command, as the edge would make it. @throws AmountError for an amount that cannot be read. */
export function commandOf(act: Act, names: Names): Command {
  const { known } = names;
  switch (act.verb) {
    case 'buy':
      return { kind: 'purchase.start', amount: parseAmount(act.amount), method: act.method };
    case 'settle':
      return {
        kind: 'payment.succeeded',
        purchase_id: known(act.id),
        payment_id: act.payment ?? `pay-${act.id}`,
        provider: 'spherepay',
        amount: act.total === undefined ? names.price(act.id) : parseAmount(act.total, MAX_BALANCE),
      };
    case 'payfail':
      return {
        kind: 'payment.failed',
        purchase_id: known(act.id),
        payment_id: `pay-${act.id}`,
        provider: 'spherepay',
      };
    case 'dispute':
      return { kind: 'purchase.dispute', purchase_id: known(act.id) };
    case 'grant': {
      const { id, source, services, priority, expiresAt } = act;
      return {
        kind: 'grant',
        id,
        amount: parseAmount(act.amount),
        source,
        ...(services ? { services } : {}),
        ...(priority === undefined ? {} : { priority }),
        ...(expiresAt === undefined ? {} : { expires_at: START + expiresAt }),
      };
    }
    case 'auth': {
      const { id, service, onInsufficient, useAllowance } = act;
      return {
        kind: 'hold.authorize',
        id,
        amount: parseAmount(act.amount),
        service,
        ...(onInsufficient === undefined ? {} : { on_insufficient: onInsufficient }),
        ...(useAllowance === undefined ? {} : { use_allowance: useAllowance }),
      };
    }
    case 'capture':
      return { kind: 'hold.capture', id: act.id, amount: parseAmount(act.amount) };
    case 'void':
      return { kind: 'hold.void', id: act.id };
    case 'extend':
      return { kind: 'hold.extend', id: act.id, until: START + act.until };
    case 'charge': {
      const { id, service, force } = act;
      const amount = parseAmount(act.amount);
      return { kind: 'charge', id, amount, service, ...(force === undefined ? {} : { force }) };
    }
    case 'refund':
      return { kind: 'charge.refund', charge_id: act.charge, id: act.id, amount: parseAmount(act.amount) };
    case 'wd':
      return { kind: 'withdrawal.request', amount: parseAmount(act.amount), wallet_address: WALLET };
    case 'approve':
      return { kind: 'withdrawal.approve', id: known(act.id) };
    case 'cancel':
      return { kind: 'withdrawal.cancel', id: known(act.id) };
    case 'reject':
      return { kind: 'withdrawal.reject', id: known(act.id), reason: 'address unclear' };
    case 'send':
      return { kind: 'withdrawal.send', id: known(act.id) };
    case 'paid':
      return { kind: 'withdrawal.paid', id: known(act.id), tx_url: 'https://solscan.io/tx/5h6x' };
    case 'payoutFailed':
      return { kind: 'withdrawal.fail', id: known(act.id) };
    case 'match':
      return { kind: 'suspense.match', suspense_id: names.suspense(act.payment) };
    case 'adjust': {
      const { id, approver, out } = act;
      const amount = parseAmount(act.amount);
      return {
        kind: 'adjustment',
        id,
        amount: out === true ? -amount : amount,
        reason: 'agreed',
        approver,
      };
    }
    case 'use': {
      const { id, model, input, output, at } = act;
      const rate = PRICES[model];
      return { kind: 'usage', id, model, input_tokens: input, output_tokens: output, rate, at: START + at };
    }
    case 'plan':
      return { kind: 'plan.choose', plan: act.plan };
    case 'patch': {
      const { allowance, state } = act;
      return {
        kind: 'account.patch',
        ...(allowance === undefined ? {} : { allowance: parseAmountOrZero(allowance) }),
        ...(state === undefined ? {} : { state }),
      };
    }
    case 'check':
      parseAmountOrZero(act.amount);
      return { kind: 'tick' };
    case 'tick':
      return { kind: 'tick' };
    default:
      return act satisfies never;
  }
}

/** Who asks for it, with the scope that HTTP would have found. */
export function actorOf(who: Who, act: Act): Actor {
  const principal = principalOf(who, act);
  if (principal === 'system') return { principal, scope: 'system' };
  if (principal === 'service-1') return { principal, scope: 'service' };
  // Also somebody of finance may not approve what was requested in the same name.
  return { principal, scope: principal === who && act.verb !== 'approve' ? 'account' : 'finance' };
}
