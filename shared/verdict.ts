// Is it enough? The answer to `GET /credits/check`, worked out from a credits section alone, so that a device gives the
// same one offline. Advisory: it reserves nothing (rules.md section 13).
import type { Credits } from './account.ts';
import { type Quote, topUp } from './fees.ts';
import { formatAmount, type Micros, readBalance } from './money.ts';

/** A purchase that covers a shortfall, as texts in credits. */
export type TopUp = {
  credits: string;
  fee: string;
  total: string;
};
export type TopUps = { card: TopUp; crypto: TopUp };

export const DECISIONS = ['approve', 'approve_with_allowance', 'pending_payment', 'refuse'] as const;
export type Decision = (typeof DECISIONS)[number];

export interface Check {
  amount: string;
  /** Spendable for the service asked for. */
  available: string;
  allowance: string;
  /** Covered without any allowance: what a checkout page shows. */
  sufficient: boolean;
  shortfall: string;
  decision: Decision;
  top_up: TopUps;
  /** Journal row at which this is true. */
  seq: number;
}

function texts({ credits, fee, total }: Quote): TopUp {
  return { credits: formatAmount(credits), fee: formatAmount(fee), total: formatAmount(total) };
}

/** The smallest allowed purchases that cover a shortfall, per kind of payment. */
export function topUps(shortfall: Micros, feeBps?: bigint): TopUps {
  const { card, crypto } = topUp(shortfall, feeBps);
  return { card: texts(card), crypto: texts(crypto) };
}

function decide(state: Credits['state'], shortfall: Micros, allowance: Micros): Decision {
  if (state === 'suspended' || state === 'closed') return 'refuse';
  if (shortfall === 0n) return 'approve';
  return shortfall <= allowance ? 'approve_with_allowance' : 'pending_payment';
}

/** What a deployment of `amount` micros (0 or more) for a service would be told now. */
export function check(credits: Credits, amount: Micros, service?: string, feeBps?: bigint): Check {
  const text = (service && credits.available_by_service[service]) ?? credits.available;
  const missing = amount - readBalance(text);
  const shortfall = missing > 0n ? missing : 0n;
  return {
    amount: formatAmount(amount),
    available: text,
    allowance: credits.allowance,
    sufficient: shortfall === 0n,
    shortfall: formatAmount(shortfall),
    decision: decide(credits.state, shortfall, readBalance(credits.allowance)),
    top_up: topUps(shortfall, feeBps),
    seq: credits.seq,
  };
}
